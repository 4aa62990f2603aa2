"""The language model as routes depend on it."""

from typing import Annotated

from fastapi import Depends

from app.dependencies import room
from app.llm.base import ChatModel

Model = Annotated[ChatModel, Depends(room(ChatModel))]
