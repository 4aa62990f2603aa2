"""The reviews as routes depend on them."""

from typing import Annotated

from fastapi import Depends

from app.dependencies import room
from app.recruiting.reviews.blind_reviews import BlindReviewService
from app.recruiting.reviews.service import ReviewService

Reviews = Annotated[ReviewService, Depends(room(ReviewService))]
BlindReviews = Annotated[BlindReviewService, Depends(room(BlindReviewService))]
