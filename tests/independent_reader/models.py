"""Models as they are stored: header and hash, postcard, weights (section 7), and containers (section 13)."""

from dataclasses import dataclass
from typing import Any, Optional

import numpy
import xxhash

from .axis import Axis
from .lattice import ABS, BITS, LOSSLESS, TRUNCATED, Quantiser
from .packed import pcodec_standalone
from .reading import Corrupt, Incompatible, Reader, ValueType, unzstd

MODEL_LIMIT = 64 << 20      # unpacked bytes of a model
COLUMN, PREVIOUS, POSITION, COUNT, PREDICTED, PRESENT = range(6)        # kinds of inputs
HIDDEN_SHIFT, OUTPUT_SHIFT = 6, 2       # the d of stored biases


@dataclass
class Condition:
    column: int
    above: bool
    limit: float


@dataclass
class Factor:
    column: int
    minus: Optional[int]
    function: int


@dataclass
class Term:
    coefficient: float
    factors: list


@dataclass
class Case:
    when: list
    terms: list
    root: bool


@dataclass
class Layer:
    inputs: int
    shift: list
    weights: Any = None         # units x inputs
    bias: Any = None            # with its own shift already applied


@dataclass
class Net:
    components: int
    hidden: list
    output: Layer


@dataclass
class Column:
    name: str
    foreign: Optional[tuple]    # (branch, index of the column of places)
    kind: ValueType
    quantiser: Quantiser
    unit: float
    axis: Optional[Axis]
    inputs: list                # of (kind of input, column or None)
    cases: Optional[list]
    net: Optional[Net]


@dataclass
class Model:
    hash: int
    jagged: bool
    columns: list
    provenance: str

    def named_by_predictor(self, index):
        """All columns that the predictor of a column names anywhere."""
        named = set()
        for case in self.columns[index].cases or []:
            named.update(condition.column for condition in case.when)
            for factor in (factor for term in case.terms for factor in term.factors):
                named.add(factor.column)
                if factor.minus is not None:
                    named.add(factor.minus)
        return named

    def parents(self, index):
        """Columns whose values are needed to decode this one."""
        inputs = self.columns[index].inputs
        parents = {column for _, column in inputs if column is not None}
        if any(what == PREDICTED for what, _ in inputs):
            parents |= self.named_by_predictor(index)
        return parents - {index}


# ---- postcard: one small function for each type of section 7 --------------------------------------------------------

def read_list(reader, item):
    return [item(reader) for _ in range(reader.varint())]


def read_optional(reader, item):
    return item(reader) if read_bool(reader) else None


def read_bool(reader):
    byte = reader.u8()
    if byte > 1:
        raise Corrupt(f"a bool or option {byte}")
    return byte == 1


def read_i8(reader):
    return int.from_bytes(reader.take(1), "little", signed=True)


def read_bound(reader):
    """What was asked for: only for people, so it is only skipped here."""
    variant = reader.varint()
    if variant == 2:
        reader.u8()
    elif variant in (1, 3, 4, 5):
        reader.f64()
    elif variant != 0:
        raise Incompatible(f"bound {variant}")


def read_quantiser(reader):
    variant = reader.varint()
    if variant == 0:
        quantiser = Quantiser(LOSSLESS)
    elif variant in (1, 4):
        reader.f64()        # the bound, for those who check
        quantiser = Quantiser(ABS, step=reader.f64(), dithered=variant == 4)
    elif variant in (2, 3):
        quantiser = Quantiser(BITS if variant == 2 else TRUNCATED, mantissa=reader.u8())
    else:
        raise Incompatible(f"lattice {variant} of a model")
    quantiser.pins = read_list(reader, lambda r: (r.zigzag(), r.varint()))
    quantiser.check()
    return quantiser


def read_axis(reader):
    knots = read_list(reader, lambda r: (r.zigzag(), r.zigzag()))
    return Axis(knots, resolution=reader.varint())


def read_input(reader):
    what = reader.varint()
    if what > PRESENT:
        raise Incompatible(f"input {what}")
    return what, (reader.varint() if what in (COLUMN, PREVIOUS, PRESENT) else None)


def read_factor(reader):
    column = reader.varint()
    minus = read_optional(reader, Reader.varint)
    function = reader.varint()
    if function > 7:
        raise Incompatible(f"function {function}")
    return Factor(column, minus, function)


def read_case(reader):
    when = read_list(reader, lambda r: Condition(r.varint(), read_bool(r), r.f32()))
    terms = read_list(reader, lambda r: Term(r.f64(), read_list(r, read_factor)))
    return Case(when, terms, root=read_bool(reader))


def read_layer(reader):
    return Layer(inputs=reader.varint(), shift=read_list(reader, read_i8))


def read_net(reader):
    return Net(components=reader.u8(), hidden=read_list(reader, read_layer), output=read_layer(reader))


def read_column(reader):
    name = reader.text()
    foreign = read_optional(reader, lambda r: (r.text(), r.varint()))
    kind = ValueType(reader.varint())
    read_bound(reader)
    quantiser = read_quantiser(reader)
    unit = read_optional(reader, Reader.f32)
    axis = read_optional(reader, read_axis)
    inputs = read_list(reader, read_input)
    cases = read_optional(reader, lambda r: read_list(r, read_case))
    net = read_optional(reader, read_net)
    return Column(name, foreign, kind, quantiser, 1.0 if unit is None else unit, axis, inputs, cases, net)


# ---- weights ---------------------------------------------------------------------------------------------------------

def give_weights(layers, weights, biases, extra_shift):
    """Deals weights and biases out to layers, in their order; `extra_shift` is the d of section 7."""
    used, unit = 0, 0
    for layer in layers:
        units = len(layer.shift)
        count = units * layer.inputs
        if used + count > len(weights) or unit + units > len(biases):
            raise Corrupt("not enough weights or biases")
        layer.weights = weights[used:used + count].astype(numpy.int64).reshape(units, layer.inputs)
        shifts = numpy.clip(numpy.array(layer.shift, numpy.int64) + extra_shift, 0, 31)
        stored = biases[unit:unit + units].astype(numpy.int64)
        layer.bias = (stored << shifts).astype(numpy.int32).astype(numpy.int64)     # wraps in 32 bits
        used += count
        unit += units
    if used != len(weights) or unit != len(biases):
        raise Corrupt("weights or biases left over")


def check(model):
    """The rules of section 7 that a reader relies on."""
    columns = model.columns
    for index, column in enumerate(columns):
        itself = (PREVIOUS, index)
        used = model.named_by_predictor(index)
        used.update(other for what, other in column.inputs if other is not None and (what, other) != itself)
        if column.foreign:
            used.add(column.foreign[1])
        if any(other >= index for other in used):
            raise Corrupt(f"column {index} uses one that is not before it")
        net = column.net
        if net is None:
            continue
        if column.axis is None or not 1 <= net.components <= 8 or len(net.output.shift) != 3 * net.components:
            raise Corrupt(f"column {index}: network without axis, or with other outputs than components")
        if any(not -16 <= s <= 31 for layer in [*net.hidden, net.output] for s in layer.shift):
            raise Corrupt(f"column {index}: impossible shifts")
        width = len(column.inputs)
        for layer in net.hidden:
            if layer.inputs != width:
                raise Corrupt(f"column {index}: a layer has {layer.inputs} inputs, not {width}")
            width = len(layer.shift)
        if net.output.inputs != len(column.inputs) + (width if net.hidden else 0):
            raise Corrupt(f"column {index}: the output layer has {net.output.inputs} inputs")


def read_model(data):
    """One model from its own bytes."""
    if data[:7] != b"RBMODEL":
        raise Corrupt("not a model")
    if data[7] != 1:
        raise Incompatible(f"model version {data[7]}")
    stored_hash = int.from_bytes(data[-8:], "little")
    if xxhash.xxh3_64_intdigest(data[:-8]) != stored_hash:
        raise Corrupt("hash of the model")
    reader = Reader(unzstd(data[8:-8], MODEL_LIMIT))
    jagged = read_bool(reader)
    columns = read_list(reader, read_column)
    model = Model(stored_hash, jagged, columns, provenance=reader.text())
    packed = [pcodec_standalone(reader.bytes(), name) for name in ("i16", "i32", "i16", "i32")]
    reader.done()
    nets = [column.net for column in columns if column.net]
    give_weights([layer for net in nets for layer in net.hidden], packed[0], packed[1], HIDDEN_SHIFT)
    give_weights([net.output for net in nets], packed[2], packed[3], OUTPUT_SHIFT)
    check(model)
    return model


def read_container(data):
    """Section 13: one model as its own bytes, or several or none behind `RBGROUPS`."""
    if data[:8] != b"RBGROUPS":
        return [read_model(data)]
    reader = Reader(data[8:])
    models = []
    while reader.left():
        models.append(read_model(reader.take(reader.uint(8))))
    return models
