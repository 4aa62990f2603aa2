"""The index of questions as routes depend on it."""

from typing import Annotated

from fastapi import Depends

from app.dependencies import room
from app.search.index import QuestionIndex

Questions = Annotated[QuestionIndex, Depends(room(QuestionIndex))]
