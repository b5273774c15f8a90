"""Payments with their lines, what they were for, the questions that they ask, and what they are judged by."""
