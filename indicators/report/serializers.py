"""Figures and indicators as JSON (docs/interface.md): numbers as JSON numbers, hours with a twin in
minutes.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.i18n import text
from indicators.counting.evaluation import Figure
from indicators.rules import words
from indicators.rules.indicators import Indicator
from indicators.rules.rules import Rule
from indicators.rules.sentences import sentence


def number(value: Decimal | float | None) -> int | float | None:
    """A JSON number: whole when it is."""
    if value is None:
        return None
    found = round(float(value), 2)
    return int(found) if found == int(found) else found


def amount(rule: Rule, value: int) -> int | float:
    """A count of a figure as shown: minutes as hours, hundredths of what was entered by hand, else
    as it is.
    """
    scale = 60 if rule.in_hours else 100 if rule.unit == "manual" else 1
    found = number(Decimal(value) / scale)
    assert found is not None
    return found


def figure_json(rule: Rule, figure: Figure) -> dict[str, Any]:
    """Gross, excluded, net and the breakdowns."""
    answer: dict[str, Any] = {
        "gross": amount(rule, figure.gross),
        "excluded": [
            {"reason": reason, "count": amount(rule, count)}
            for reason, count in figure.excluded.items()
        ],
        "net": amount(rule, figure.net),
        "by": {
            name: {bucket: amount(rule, count) for bucket, count in found.items()}
            for name, found in figure.by.items()
        },
    }
    if rule.in_hours:
        answer["gross_minutes"], answer["net_minutes"] = figure.gross, figure.net
        for item, count in zip(answer["excluded"], figure.excluded.values(), strict=True):
            item["count_minutes"] = count
        answer["by_minutes"] = figure.by
    return answer


def indicator_json(
    one: Indicator,
    figure: Figure,
    rule: Rule | None = None,
    series: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """An indicator with its figure; `rule` is the version it was counted by, the newest by
    default.
    """
    rule = rule or one.counting
    return {
        "id": str(one.id),
        "code": one.code or None,
        "name": one.name,
        "unit": one.unit or str(words.UNITS[rule.unit]),
        "baseline": number(one.baseline),
        "target": number(one.target),
        "note": one.note,
        "reported": number(one.reported),
        "split": one.split,
        "verify": one.verify,
        "version": one.version,
        "rule": rule.as_json(),
        "sentence": sentence(rule, series),
        **figure_json(rule, figure),
    }


def unit_word(one: Indicator, number: float | None = None) -> str:
    """The word beside the number in the reader's language."""
    return words.unit(one.unit or words.UNITS[one.counting.unit].text, number)


def name_of(one: Indicator) -> str:
    """The indicator's name in the reader's language."""
    return text(one.name)
