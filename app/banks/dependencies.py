"""The banks as routes depend on them."""

from typing import Annotated

from fastapi import Depends

from app.banks.library import BankLibrary
from app.dependencies import room

Library = Annotated[BankLibrary, Depends(room(BankLibrary))]
