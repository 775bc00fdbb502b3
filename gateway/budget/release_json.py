"""A stored release's plan as JSON text and back: what later questions need to build on it.

The cost is left out, for it was paid, and the groups, for the noisy table has them.
"""

from __future__ import annotations

import json
from fractions import Fraction

from gateway.budget.cost import NOTHING
from gateway.privacy.plan import (
    KeyColumn,
    Mechanism,
    Noise,
    Norm,
    Release,
    ReleasedMeasure,
    Sensitivity,
    Statement,
)
from gateway.privacy.shape import KeyShape, MeasureShape, Shape
from gateway.sql.types import Kind, Type


def encode_release(release: Release) -> str:
    """ASCII JSON of a release that has a shape. Raises ValueError for any other."""
    shape = release.shape
    if shape is None or release.threshold is not None or release.groups is None:
        raise ValueError("only releases with public groups and a shape are built on")
    statement = release.statement
    return json.dumps(
        {
            "fingerprint": release.fingerprint,
            "statement": [statement.sql, statement.dialect, list(statement.columns)],
            "keys": [[key.name, *_type(key.type)] for key in release.keys],
            "measures": [_measure(measure) for measure in release.measures],
            "source": shape.source,
            "conditions": list(shape.conditions),
            "key_shapes": [[k.column, k.text, k.grain, k.base] for k in shape.keys],
            "measure_shapes": [[m.column, m.text, m.adds] for m in shape.measures],
        },
        separators=(",", ":"),
    )


def decode_release(text: str) -> Release:
    """The inverse of `encode_release`, called `finer`, without cost and groups."""
    plain = json.loads(text)
    sql, dialect, columns = plain["statement"]
    return Release(
        name="finer",
        fingerprint=plain["fingerprint"],
        statement=Statement(sql=sql, dialect=dialect, columns=tuple(columns)),
        keys=tuple(KeyColumn(name=name, type=_read_type(kind)) for name, *kind in plain["keys"]),
        groups=(),
        measures=tuple(map(_read_measure, plain["measures"])),
        threshold=None,
        cost=NOTHING,
        shape=Shape(
            source=plain["source"],
            conditions=tuple(plain["conditions"]),
            keys=tuple(
                KeyShape(column=column, text=key, grain=grain, base=base)
                for column, key, grain, base in plain["key_shapes"]
            ),
            measures=tuple(
                MeasureShape(column=column, text=measure, adds=adds)
                for column, measure, adds in plain["measure_shapes"]
            ),
        ),
    )


def _type(kind: Type) -> list[object]:
    return [kind.kind.name, kind.bits, kind.precision, kind.scale]


def _read_type(plain: list[object]) -> Type:
    name, bits, precision, scale = plain
    return Type(
        Kind[str(name)], bits=_whole(bits), precision=_whole(precision), scale=_whole(scale)
    )


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError("not a stored type")
    return value


def _measure(measure: ReleasedMeasure) -> list[str]:
    return [
        measure.column,
        measure.label,
        measure.sensitivity.norm.value,
        str(measure.sensitivity.value),
        measure.mechanism.noise.value,
        measure.mechanism.scale.hex(),
        str(measure.unit_of_scale),
    ]


def _read_measure(plain: list[str]) -> ReleasedMeasure:
    column, label, norm, sensitivity, noise, scale, unit = plain
    return ReleasedMeasure(
        column=column,
        label=label,
        sensitivity=Sensitivity(norm=Norm(norm), value=Fraction(sensitivity)),
        mechanism=Mechanism(noise=Noise(noise), scale=float.fromhex(scale)),
        unit_of_scale=Fraction(unit),
    )
