"""What needs a person, and what becomes of the person's answers and rules."""

from donations.core.donor import ANONYMOUS
from donations.review.answering import (
    Answered,
    answer,
    answer_alike,
    other_purpose,
    payment_with_id,
    split,
    take_back,
    take_back_answer,
)
from donations.review.asking import Question, Review, judged_now, review
from donations.review.meanwhile import is_left, refuse_unseen, stands_already
from donations.review.offering import Offer, offered, offered_now, offers, taken
from donations.review.said import Answer, NewDonor

__all__ = [
    "ANONYMOUS",
    "Answer",
    "Answered",
    "NewDonor",
    "Offer",
    "Question",
    "Review",
    "answer",
    "answer_alike",
    "is_left",
    "judged_now",
    "offered",
    "offered_now",
    "offers",
    "other_purpose",
    "payment_with_id",
    "refuse_unseen",
    "review",
    "split",
    "stands_already",
    "take_back",
    "take_back_answer",
    "taken",
]
