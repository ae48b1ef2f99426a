#include "verify/ColumnCheck.h"

#include "codec/BranchKind.h"
#include "support/Check.h"

#include <algorithm>

namespace RootBaler {
namespace Internal {

namespace {

constexpr Long64_t kChunk = 16384; // entries

// A file's promise, for the core. What a newer version may promise is not an argument of ours.
std::shared_ptr<const RbColumn> Promise(RbType type, const std::string &bound)
{
   RbColumn *column = nullptr;
   if (rb_column_new(type, bound.c_str(), &column) != RB_OK)
      throw Error(EStatus::kIncompatible, "the file promises the bound '" + bound +
                                             "', which this version of RootBaler does not know: use a newer one");
   return {column, [](const RbColumn *c) { rb_column_free(const_cast<RbColumn *>(c)); }};
}

} // namespace

ColumnCheck::ColumnCheck(TBranch &before, TBranch &after, const BasketLayout &layout, const BoundOf &boundOf,
                         BranchCheck &check)
   : fLayout(layout), fCheck(check), fEntries(before.GetEntries()), fReadBefore(before, layout),
     fReadAfter(after, layout)
{
   for (const LeafLayout &leaf : layout.fLeaves) {
      const std::string bound = IsFloating(leaf.fType) ? boundOf(BoundName(before, layout, leaf)) : "lossless";
      fPromises.push_back(Promise(leaf.fType, bound));
      AddBound(IsFloating(leaf.fType) ? bound : "exact", check.fBound);
   }
}

void ColumnCheck::Run(Long64_t first, Long64_t end, Scratch &scratch)
{
   end = std::min(end, fEntries);
   for (; first < end; first += kChunk)
      CheckEntries(first, static_cast<std::size_t>(std::min(kChunk, end - first)), scratch);
}

void ColumnCheck::Finish()
{
   fCheck.fValues += fFound.fValues;
   fCheck.fWorstError = std::max(fCheck.fWorstError, fFound.fWorstError);
   fCheck.fWorstInBounds = std::max(fCheck.fWorstInBounds, fFound.fWorstInBounds);
   if (fCheck.fViolations == 0)
      fCheck.fFirstViolation = fFound.fFirstViolation;
   fCheck.fViolations += fFound.fViolations;
}

void ColumnCheck::CheckEntries(Long64_t first, std::size_t count, Scratch &scratch)
{
   Rows &before = scratch.fBefore;
   Rows &after = scratch.fAfter;
   before.fBytes.clear();
   before.fCounts.clear();
   after.fBytes.clear();
   after.fCounts.clear();
   before.fHeaders.clear();
   after.fHeaders.clear();
   fReadBefore.Read(first, count, before);
   fReadAfter.Read(first, count, after);
   const std::size_t rowSize = fLayout.RowSize();
   std::size_t valuesInRow = 0;
   for (const LeafLayout &leaf : fLayout.fLeaves)
      valuesInRow += leaf.fCount;
   const std::size_t rows = before.fBytes.size() / rowSize;
   fFound.fValues += rows * valuesInRow;
   if (before.fCounts != after.fCounts) {
      for (std::size_t i = 0; i < count; ++i)
         if (before.fCounts[i] != after.fCounts[i])
            Violations(first + static_cast<Long64_t>(i), 1);
      return;
   }
   if (before.fHeaders != after.fHeaders)
      Violations(first, 1);
   if (before.fBytes == after.fBytes)
      return;
   std::vector<Long64_t> entryOfRow;
   for (std::size_t i = 0; i < before.fCounts.size(); ++i)
      entryOfRow.insert(entryOfRow.end(), before.fCounts[i], first + static_cast<Long64_t>(i));
   std::size_t offset = 0;
   for (std::size_t i = 0; i < fLayout.fLeaves.size(); ++i) {
      const LeafLayout &leaf = fLayout.fLeaves[i];
      const std::size_t bytes = leaf.fCount * WidthOf(leaf.fType);
      const char *one = before.fBytes.data();
      const char *other = after.fBytes.data();
      if (bytes != rowSize) {
         TakeLeaf(before.fBytes, rowSize, offset, bytes, scratch.fLeafBefore);
         TakeLeaf(after.fBytes, rowSize, offset, bytes, scratch.fLeafAfter);
         one = scratch.fLeafBefore.data();
         other = scratch.fLeafAfter.data();
      }
      RbCheck found{};
      Check(rb_column_check(fPromises[i].get(), one, other, rows * leaf.fCount, &found));
      fFound.fWorstError = std::max(fFound.fWorstError, found.worst_error);
      fFound.fWorstInBounds = std::max(fFound.fWorstInBounds, found.worst_in_bounds);
      if (found.misses != 0) {
         const std::size_t row = found.first_miss / leaf.fCount;
         Violations(entryOfRow.empty() ? first + static_cast<Long64_t>(row) : entryOfRow[row], found.misses);
      }
      offset += bytes;
   }
}

void ColumnCheck::Violations(Long64_t entry, std::size_t count)
{
   if (fFound.fViolations == 0)
      fFound.fFirstViolation = entry;
   fFound.fViolations += count;
}

} // namespace Internal
} // namespace RootBaler
