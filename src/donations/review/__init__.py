"""What needs a person, and what becomes of the person's answers and rules."""

from donations.core.donor import ANONYMOUS
from donations.review.answering import (
    Answered,
    answer,
    answer_alike,
    offered,
    other_purpose,
    payment_with_id,
    proposed,
    split,
    take_back,
    take_back_answer,
)
from donations.review.asking import Question, Review, judged_now, review
from donations.review.said import Answer, CannotAnswerError

__all__ = [
    "ANONYMOUS",
    "Answer",
    "Answered",
    "CannotAnswerError",
    "Question",
    "Review",
    "answer",
    "answer_alike",
    "judged_now",
    "offered",
    "other_purpose",
    "payment_with_id",
    "proposed",
    "review",
    "split",
    "take_back",
    "take_back_answer",
]
