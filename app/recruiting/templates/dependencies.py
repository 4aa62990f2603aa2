"""The templates as routes depend on them."""

from typing import Annotated

from fastapi import Depends

from app.dependencies import room
from app.recruiting.templates.service import TemplateService

Templates = Annotated[TemplateService, Depends(room(TemplateService))]
