"""What a network sees in each row: values of the parents (section 7), predictions (10), inputs (9)."""

import numpy

from .functions import FUNCTIONS
from .lattice import convert
from .models import COLUMN, COUNT, POSITION, PREDICTED, PRESENT, PREVIOUS
from .reading import Corrupt, Missing


class Rows:
    """Rows of a block: of a jagged model, elements of entries; else each row is an entry."""

    def __init__(self, count, counts):
        if counts is None:
            counts = numpy.ones(count, numpy.int64)
        if counts.sum() != count:
            raise Corrupt(f"{count} rows, but the counts have {counts.sum()}")
        self.count = count
        self.counts = counts
        self.starts = numpy.cumsum(counts) - counts             # first row of each entry
        self.entry = numpy.repeat(numpy.arange(len(counts)), counts)
        self.position = numpy.arange(count) - self.starts[self.entry]

    def waves(self):
        """Rows by their position in the entry; within it, longer entries first (section 12)."""
        by_length = numpy.argsort(-self.counts, kind="stable")
        for position in range(self.counts.max(initial=0)):
            entries = by_length[self.counts[by_length] > position]
            yield self.starts[entries] + position


class Parents:
    """Integers, context scores and values of the parents in the rows with context."""

    def __init__(self, model, rows, with_context, given, foreign):
        """`given`: bytes of decoded values by names of columns; `foreign`: bytes and counts by names of branches."""
        self.model, self.rows, self.with_context = model, rows, with_context
        self.given, self.foreign = given, foreign
        self._known = {}

    def integers(self, index):
        """(nearest integers, whether the value is there or absent) of a column."""
        if index not in self._known:
            column = self.model.columns[index]
            if column.foreign:
                self._known[index] = self._elements(column)
            else:
                if column.name not in self.given:
                    raise Missing(f"parent {column.name}")
                values = column.kind.from_big_endian(self.given[column.name], self.with_context)
                self._known[index] = column.quantiser.nearest(values, column.kind), numpy.ones(len(values), bool)
        return self._known[index]

    def _elements(self, column):
        """A foreign column: in each row the element of another branch, in the same entry, that a place points to."""
        branch, place_column = column.foreign
        if branch not in self.foreign:
            raise Missing(f"foreign branch {branch}")
        data, counts = self.foreign[branch]
        if len(counts) != len(self.rows.counts):
            raise Missing(f"counts of {branch} for {len(self.rows.counts)} entries")
        values = column.kind.from_big_endian(data, int(counts.sum()))
        places, _ = self.integers(place_column)
        entry = self.rows.entry[:self.with_context]
        present = (places >= 0) & (places < counts[entry])
        element = numpy.where(present, (numpy.cumsum(counts) - counts)[entry] + places, 0)
        integers = numpy.zeros(self.with_context, numpy.int64)
        integers[present] = column.quantiser.nearest(values[element[present]], column.kind)
        return integers, present

    def scores(self, index):
        """Context scores; 0 where a foreign value is absent."""
        integers, present = self.integers(index)
        axis = self.model.columns[index].axis
        if axis is None:
            raise Corrupt(f"column {index} is used and has no axis")
        return numpy.where(present, axis.scores(integers), 0)

    def present(self, index):
        return self.integers(index)[1]

    def values(self, index):
        """Values for formulas and conditions: of the nearest integers, with pins, in units."""
        column = self.model.columns[index]
        values = column.quantiser.values(self.integers(index)[0], column.kind)
        return values.astype(numpy.float64) * column.unit


def formula(case, parents):
    total = numpy.zeros(parents.with_context)
    for term in case.terms:
        product = numpy.full(parents.with_context, term.coefficient)
        for factor in term.factors:
            x = parents.values(factor.column)
            if factor.minus is not None:
                x = x - parents.values(factor.minus)
            product = product * FUNCTIONS[factor.function](x)
        total = total + product
    return numpy.where(total > 0.0, numpy.sqrt(total), 0.0) if case.root else total


def as_prediction(result, kind):
    """f64 to the type `kind`, as `convert` does, but there is only one NaN."""
    values = convert(result, kind)
    if not kind.is_float:
        return values
    nan = numpy.array({4: 0xffc00000, 8: 0xfff8000000000000}[kind.size], kind.bits)       # quiet, sign set
    return numpy.where(numpy.isnan(result), nan, values.view(kind.bits)).view(kind.dtype)


def predicted(model, index, parents):
    """The input *predicted*, in the rows with context."""
    column = model.columns[index]
    result = numpy.zeros(parents.with_context)
    open_rows = numpy.ones(parents.with_context, bool)          # those for which no case has counted yet
    with numpy.errstate(all="ignore"):                          # infinities and NaNs are meant to pass
        for case in column.cases or []:
            holds = open_rows.copy()
            for condition in case.when:
                above = parents.values(condition.column) > condition.limit
                holds &= above if condition.above else ~above
            result = numpy.where(holds, formula(case, parents), result)
            open_rows &= ~holds
    scores = column.axis.scores(column.quantiser.nearest(as_prediction(result, column.kind), column.kind))
    for named in model.named_by_predictor(index):
        scores = numpy.where(parents.present(named), scores, 0)
    return scores


def network_inputs(model, index, rows, parents):
    """One row of inputs for each row of the block. Also which inputs are *previous* of the column itself: these are
    left 0, for they are known only wave after wave."""
    inputs = model.columns[index].inputs
    matrix = numpy.zeros((rows.count, len(inputs)), numpy.int64)
    n = parents.with_context
    own = []
    for at, (what, other) in enumerate(inputs):
        if what == COLUMN:
            matrix[:n, at] = parents.scores(other)
        elif what == PREVIOUS and other == index:
            own.append(at)
        elif what == PREVIOUS:
            # It is the row before that must have context: so the first row without it still has a value here.
            until = min(n + 1, rows.count)
            before = parents.scores(other)[:max(until - 1, 0)]
            matrix[1:until, at] = numpy.where(rows.position[1:until] > 0, before, 0)
        elif what == POSITION:
            matrix[:, at] = numpy.minimum(rows.position, 15) * 1024
        elif what == COUNT:
            matrix[:, at] = numpy.minimum(rows.counts[rows.entry], 15) * 1024
        elif what == PREDICTED:
            matrix[:n, at] = predicted(model, index, parents)
        elif what == PRESENT:
            matrix[:n, at] = numpy.where(parents.present(other), 2048, 0)
    return matrix, own
