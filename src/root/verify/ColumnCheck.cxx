#include "verify/ColumnCheck.h"

#include "codec/BranchKind.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace RootBaler {
namespace Internal {

namespace {

constexpr Long64_t kChunk = 16384; // entries

template <typename T>
bool SameBits(T a, T b)
{
   return std::memcmp(&a, &b, sizeof(T)) == 0;
}

// Compares two values; keeps the worst error.
template <typename T>
bool IsGood(T before, T after, const Tolerance &tolerance, BranchCheck &check)
{
   if (SameBits(before, after))
      return true;
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
   return good;
}

} // namespace

/// The values of one leaf in some rows of two branches.
struct ColumnCheck::LeafValues {
   const char *fBefore;
   const char *fAfter;
   std::size_t fStride; ///< bytes from one row to the next
   std::size_t fCount;  ///< values in a row
   std::size_t fRows;
   const std::vector<Long64_t> &fEntryOfRow; ///< empty if each entry is a row
   Long64_t fFirst;                          ///< entry of the first row then

   Long64_t EntryOf(std::size_t row) const
   {
      return fEntryOfRow.empty() ? fFirst + static_cast<Long64_t>(row) : fEntryOfRow[row];
   }
};

ColumnCheck::ColumnCheck(TBranch &before, TBranch &after, const BasketLayout &layout, const BoundOf &boundOf,
                         BranchCheck &check, ErrorTrap &trap)
   : fLayout(layout), fCheck(check), fEntries(before.GetEntries()), fReadBefore(before, layout, trap),
     fReadAfter(after, layout, trap)
{
   for (const LeafLayout &leaf : layout.fLeaves) {
      const std::string bound = IsFloating(leaf.fType) ? boundOf(BoundName(before, layout, leaf)) : "lossless";
      fTolerances.emplace_back(bound);
      AddBound(IsFloating(leaf.fType) ? bound : "exact");
   }
}

// The bounds of a leaf list, each once.
void ColumnCheck::AddBound(const std::string &bound)
{
   if ((", " + fCheck.fBound + ",").find(", " + bound + ",") == std::string::npos)
      fCheck.fBound += (fCheck.fBound.empty() ? "" : ", ") + bound;
}

void ColumnCheck::Run(Long64_t first, Long64_t end, Scratch &scratch)
{
   end = std::min(end, fEntries);
   for (; first < end; first += kChunk)
      CheckEntries(first, static_cast<std::size_t>(std::min(kChunk, end - first)), scratch);
}

void ColumnCheck::CheckEntries(Long64_t first, std::size_t count, Scratch &scratch)
{
   Rows &before = scratch.fBefore;
   Rows &after = scratch.fAfter;
   before.fBytes.clear();
   before.fCounts.clear();
   after.fBytes.clear();
   after.fCounts.clear();
   fReadBefore.Read(first, count, before);
   fReadAfter.Read(first, count, after);
   const std::size_t rowSize = fLayout.RowSize();
   std::size_t valuesInRow = 0;
   for (const LeafLayout &leaf : fLayout.fLeaves)
      valuesInRow += leaf.fCount;
   const std::size_t rows = before.fBytes.size() / rowSize;
   fCheck.fValues += rows * valuesInRow;
   if (before.fCounts != after.fCounts) {
      for (std::size_t i = 0; i < count; ++i)
         if (before.fCounts[i] != after.fCounts[i])
            Violation(first + static_cast<Long64_t>(i));
      return;
   }
   if (before.fBytes == after.fBytes)
      return;
   std::vector<Long64_t> entryOfRow;
   for (std::size_t i = 0; i < before.fCounts.size(); ++i)
      entryOfRow.insert(entryOfRow.end(), before.fCounts[i], first + static_cast<Long64_t>(i));
   std::size_t offset = 0;
   for (std::size_t i = 0; i < fLayout.fLeaves.size(); ++i) {
      const LeafLayout &leaf = fLayout.fLeaves[i];
      const LeafValues values{before.fBytes.data() + offset, after.fBytes.data() + offset, rowSize, leaf.fCount,
                              rows, entryOfRow, first};
      Dispatch(leaf.fType, values, fTolerances[i]);
      offset += leaf.fCount * WidthOf(leaf.fType);
   }
}

void ColumnCheck::Dispatch(RbType type, const LeafValues &values, const Tolerance &tolerance)
{
   if (type == RB_F32)
      return CheckLeaf<float>(values, tolerance);
   if (type == RB_F64)
      return CheckLeaf<double>(values, tolerance);
   // integers may not change: which they are does not matter
   const std::size_t bytes = WidthOf(type) * values.fCount;
   for (std::size_t row = 0; row < values.fRows; ++row) {
      const std::size_t at = row * values.fStride;
      if (std::memcmp(values.fBefore + at, values.fAfter + at, bytes) != 0)
         Violation(values.EntryOf(row));
   }
}

template <typename T>
void ColumnCheck::CheckLeaf(const LeafValues &values, const Tolerance &tolerance)
{
   for (std::size_t row = 0; row < values.fRows; ++row) {
      for (std::size_t i = 0; i < values.fCount; ++i) {
         T before;
         T after;
         const std::size_t at = row * values.fStride + i * sizeof(T);
         std::memcpy(&before, values.fBefore + at, sizeof(T));
         std::memcpy(&after, values.fAfter + at, sizeof(T));
         if (!IsGood(before, after, tolerance, fCheck))
            Violation(values.EntryOf(row));
      }
   }
}

void ColumnCheck::Violation(Long64_t entry)
{
   if (fCheck.fViolations++ == 0)
      fCheck.fFirstViolation = entry;
}

} // namespace Internal
} // namespace RootBaler
