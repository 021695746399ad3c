"""Which gold form a question is about, told by the texts and numbers of its lines; forms may share names, rows and amounts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal

from agents.extract.llm.asked import Asked
from eval.simulate.lines import PrintedLine, agreement, covered, grams, numbers
from schema.cells import iter_cells
from schema.form import Form

Feature = str | Decimal
"""What can be seen of a form in lines: a pair of characters, or a number."""

_STRANGER = 0.3
_FEWEST = 6
"""Share, and number, of the features in a question that a form must account for; with less the question is about no known form."""
_CLOSE = 0.6
"""How near to the best fit another form must come for its rows to be compared too."""


class FormIndex:
    """Gold forms by what their pages print.

    Features that few forms share count for more; so do the number of rows, and the rows said to stand in the lines, where a question tells.
    """

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = tuple(forms)
        self._features = [_features(str(value) for _, value in iter_cells(form) if value is not None) for form in forms]
        self._holders: dict[Feature, list[int]] = {}
        for at, features in enumerate(self._features):
            for feature in features:
                self._holders.setdefault(feature, []).append(at)
        self._worth = {feature: math.log(1 + len(forms) / len(holders)) for feature, holders in self._holders.items()}
        self._sizes = [sum(self._worth[feature] for feature in sorted(features, key=str)) or 1.0 for features in self._features]

    def find(self, asked: Asked, lines: Sequence[PrintedLine]) -> Form | None:
        """The form that accounts for the lines best; None where none accounts for much of them. The first of several that are alike."""
        texts = frozenset[str]().union(*(_telling(line.grams) for line in lines))
        seen: frozenset[Feature] = texts.union(*(line.numbers for line in lines))
        fits = [fit + self._extra(form, texts, asked) for form, fit in zip(self._forms, self._fits(seen), strict=True)]
        close = [at for at, fit in enumerate(fits) if fit >= _CLOSE * max(fits)]
        if len(close) > 1:
            # Few lines may be of several forms that share wordings: then it is told by whole rows, figures and all.
            close.sort(key=lambda at: (-round(agreement(self._forms[at], lines), 6), -fits[at]))
        # What no form holds counts here: a stranger shares common words with every form.
        known = close and len(seen & self._features[close[0]]) >= max(_FEWEST, _STRANGER * len(seen))
        return self._forms[close[0]] if known else None

    def _fits(self, seen: frozenset[Feature]) -> list[float]:
        """For each form, the share of what is seen that it holds, and a little for the share of the form that is seen."""
        common = [0.0] * len(self._forms)
        # In one order, for rounding must not tell forms apart that are alike.
        for feature in sorted(seen & self._worth.keys(), key=str):
            for at in self._holders[feature]:
                common[at] += self._worth[feature]
        whole = math.fsum(self._worth.get(feature, 0.0) for feature in seen) or 1.0
        return [held / whole + 0.05 * held / size for held, size in zip(common, self._sizes, strict=True)]

    def _extra(self, form: Form, texts: frozenset[str], asked: Asked) -> float:
        """What speaks for a form beside its wordings: the number of its rows, and that the rows meant by number stand in the lines."""
        fit = 0.0
        if asked.total is not None:
            fit += 0.05 * (asked.total == len(form.indicators))
        if asked.first is not None:
            part = form.indicators[asked.first - 1 : asked.last]
            fit += 0.2 * sum(covered(row.name, texts) for row in part) / len(part) if part else -0.2
        return fit


def _features(texts: Iterable[str]) -> frozenset[Feature]:
    return frozenset[Feature]().union(*(_telling(grams(text)) | numbers(text) for text in texts))


def _telling(pairs: frozenset[str]) -> frozenset[str]:
    """Pairs of characters without those of digits: numbers are features of their own."""
    return frozenset(pair for pair in pairs if pair.strip("0123456789.,"))
