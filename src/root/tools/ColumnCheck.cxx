#include "ColumnCheck.h"

#include "BranchKind.h"
#include "RowReader.h"
#include "Tolerance.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace RootBaler {
namespace Internal {

namespace {

constexpr std::size_t kChunk = 16384; // entries

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

/// The values of one leaf in some rows of two branches.
struct LeafValues {
   const char *fBefore;
   const char *fAfter;
   std::size_t fStride; ///< bytes from one row to the next
   std::size_t fCount;  ///< values in a row
};

template <typename T>
void CheckLeaf(const LeafValues &values, std::size_t rows, const std::vector<Long64_t> &entryOfRow, Long64_t first,
               const Tolerance &tolerance, BranchCheck &check)
{
   for (std::size_t row = 0; row < rows; ++row) {
      const Long64_t entry = entryOfRow.empty() ? first + static_cast<Long64_t>(row) : entryOfRow[row];
      for (std::size_t i = 0; i < values.fCount; ++i) {
         T before;
         T after;
         const std::size_t at = row * values.fStride + i * sizeof(T);
         std::memcpy(&before, values.fBefore + at, sizeof(T));
         std::memcpy(&after, values.fAfter + at, sizeof(T));
         CheckValue(before, after, entry, tolerance, check);
      }
   }
}

/// One comparison in progress.
class ColumnChecker {
public:
   ColumnChecker(TBranch &before, TBranch &after, const BasketLayout &layout, const BoundOf &boundOf,
                 BranchCheck &check, ErrorTrap &trap)
      : fLayout(layout), fCheck(check), fEntries(static_cast<std::size_t>(before.GetEntries())),
        fReadBefore(before, layout, trap), fReadAfter(after, layout, trap)
   {
      for (const LeafLayout &leaf : layout.fLeaves) {
         const std::string bound = IsFloating(leaf.fType) ? boundOf(BoundName(before, layout, leaf)) : "lossless";
         fTolerances.emplace_back(bound);
         AddBound(IsFloating(leaf.fType) ? bound : "exact");
      }
   }

   void Run()
   {
      for (std::size_t first = 0; first < fEntries; first += kChunk)
         CheckEntries(static_cast<Long64_t>(first), std::min(kChunk, fEntries - first));
   }

private:
   // The bounds of a leaf list, each once.
   void AddBound(const std::string &bound)
   {
      if ((", " + fCheck.fBound + ",").find(", " + bound + ",") == std::string::npos)
         fCheck.fBound += (fCheck.fBound.empty() ? "" : ", ") + bound;
   }

   void CheckEntries(Long64_t first, std::size_t count)
   {
      fBefore.fBytes.clear();
      fBefore.fCounts.clear();
      fAfter.fBytes.clear();
      fAfter.fCounts.clear();
      fReadBefore.Read(first, count, fBefore);
      fReadAfter.Read(first, count, fAfter);
      const std::size_t rowSize = fLayout.RowSize();
      std::size_t valuesInRow = 0;
      for (const LeafLayout &leaf : fLayout.fLeaves)
         valuesInRow += leaf.fCount;
      fCheck.fValues += fBefore.fBytes.size() / rowSize * valuesInRow;
      if (fBefore.fCounts != fAfter.fCounts) {
         for (std::size_t i = 0; i < count; ++i)
            if (fBefore.fCounts[i] != fAfter.fCounts[i])
               Violation(first + static_cast<Long64_t>(i));
         return;
      }
      if (fBefore.fBytes == fAfter.fBytes)
         return;
      std::vector<Long64_t> entryOfRow;
      for (std::size_t i = 0; i < fBefore.fCounts.size(); ++i)
         entryOfRow.insert(entryOfRow.end(), fBefore.fCounts[i], first + static_cast<Long64_t>(i));
      std::size_t offset = 0;
      for (std::size_t i = 0; i < fLayout.fLeaves.size(); ++i) {
         const LeafLayout &leaf = fLayout.fLeaves[i];
         const LeafValues values{fBefore.fBytes.data() + offset, fAfter.fBytes.data() + offset, rowSize, leaf.fCount};
         Dispatch(leaf.fType, values, fBefore.fBytes.size() / rowSize, entryOfRow, first, fTolerances[i]);
         offset += leaf.fCount * WidthOf(leaf.fType);
      }
   }

   void Dispatch(RbType type, const LeafValues &values, std::size_t rows, const std::vector<Long64_t> &entryOfRow,
                 Long64_t first, const Tolerance &tolerance)
   {
      if (type == RB_F32)
         return CheckLeaf<float>(values, rows, entryOfRow, first, tolerance, fCheck);
      if (type == RB_F64)
         return CheckLeaf<double>(values, rows, entryOfRow, first, tolerance, fCheck);
      // integers may not change: which they are does not matter
      const std::size_t bytes = WidthOf(type) * values.fCount;
      for (std::size_t row = 0; row < rows; ++row) {
         const std::size_t at = row * values.fStride;
         if (std::memcmp(values.fBefore + at, values.fAfter + at, bytes) != 0)
            Violation(entryOfRow.empty() ? first + static_cast<Long64_t>(row) : entryOfRow[row]);
      }
   }

   void Violation(Long64_t entry)
   {
      if (fCheck.fViolations++ == 0)
         fCheck.fFirstViolation = entry;
   }

   const BasketLayout fLayout;
   BranchCheck &fCheck;
   const std::size_t fEntries;
   RowReader fReadBefore;
   RowReader fReadAfter;
   std::vector<Tolerance> fTolerances;
   Rows fBefore;
   Rows fAfter;
};

} // namespace

void CheckColumn(TBranch &before, TBranch &after, const BasketLayout &layout, const BoundOf &boundOf,
                 BranchCheck &check, ErrorTrap &trap)
{
   ColumnChecker(before, after, layout, boundOf, check, trap).Run();
}

} // namespace Internal
} // namespace RootBaler
