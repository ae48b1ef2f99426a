#include "ColumnCheck.h"

#include "BranchKind.h"
#include "ColumnReader.h"
#include "Tolerance.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace RootBaler {
namespace Internal {

namespace {

constexpr std::size_t kChunk = 65536;

template <typename T>
bool SameBits(T a, T b)
{
   return std::memcmp(&a, &b, sizeof(T)) == 0;
}

template <typename T>
void CheckValue(T before, T after, Long64_t entry, const Tolerance &tolerance, BranchCheck &check)
{
   if (SameBits(before, after))
      return;
   bool good = false;
   // whatever is not finite must come back as it was, bit by bit, and so must the sign of zero
   const bool isNegativeZero = before == 0 && std::signbit(before);
   if (std::isfinite(before) && std::isfinite(after) && !isNegativeZero) {
      const double error = std::fabs(static_cast<double>(after) - static_cast<double>(before));
      const double allowed = tolerance.At(before);
      good = !tolerance.IsExact() && error <= allowed;
      check.fWorstError = std::max(check.fWorstError, error);
      if (allowed > 0)
         check.fWorstInBounds = std::max(check.fWorstInBounds, error / allowed);
   }
   if (!good && check.fViolations++ == 0)
      check.fFirstViolation = entry;
}

template <typename T>
void CheckTyped(TBranch &before, TBranch &after, BranchCheck &check, ErrorTrap &trap)
{
   const Tolerance tolerance(check.fBound);
   ColumnReader readBefore(before, sizeof(T), trap);
   ColumnReader readAfter(after, sizeof(T), trap);
   const auto entries = static_cast<std::size_t>(before.GetEntries());
   std::vector<T> one(std::min(kChunk, entries));
   std::vector<T> other(one.size());
   for (std::size_t first = 0; first < entries; first += kChunk) {
      const std::size_t count = std::min(kChunk, entries - first);
      readBefore.Read(static_cast<Long64_t>(first), count, one.data());
      readAfter.Read(static_cast<Long64_t>(first), count, other.data());
      if (std::memcmp(one.data(), other.data(), count * sizeof(T)) == 0)
         continue;
      for (std::size_t i = 0; i < count; ++i)
         CheckValue(one[i], other[i], static_cast<Long64_t>(first + i), tolerance, check);
   }
   check.fValues = entries;
}

} // namespace

void CheckColumn(TBranch &before, TBranch &after, BranchCheck &check, ErrorTrap &trap)
{
   if (IsDouble(before))
      CheckTyped<double>(before, after, check, trap);
   else
      CheckTyped<float>(before, after, check, trap);
}

} // namespace Internal
} // namespace RootBaler
