"""Language models behind one door: an endpoint out of the environment, questions with a schema, outcomes with a name for every failure.

The caller itself is in `agents.models.caller` and the probe in `agents.models.probe`: they import LangChain, which takes a second that runs
without a model need not pay.
"""

from agents.models.budget import Budget, parse_budget
from agents.models.endpoint import Endpoint, endpoint_from_env
from agents.models.question import Outcome, Question, Status, Usage
from agents.models.tokens import estimate_tokens

__all__ = ["Budget", "Endpoint", "Outcome", "Question", "Status", "Usage", "endpoint_from_env", "estimate_tokens", "parse_budget"]
