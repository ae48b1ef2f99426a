#include "tree/TreeTable.h"

#include <TBasket.h>
#include <TBranch.h>
#include <TBufferFile.h>
#include <TTree.h>

#include <algorithm>
#include <exception>
#include <map>

namespace RootBaler {
namespace Internal {

namespace {

std::size_t BytesIn(const TBasket &basket)
{
   TBuffer *buffer = basket.GetBufferRef();
   if (!buffer || buffer->TestBit(TBufferFile::kNotDecompressed) || buffer->Length() < basket.GetKeylen())
      return 0;
   return static_cast<std::size_t>(buffer->Length() - basket.GetKeylen());
}

// The core knows no exceptions: what cannot be told is not there.
template <typename Tell>
std::int32_t Told(const Tell &tell)
{
   try {
      return tell() ? 1 : 0;
   } catch (const std::exception &) {
      return 0;
   }
}

} // namespace

RbTable TreeTable::Callbacks()
{
   RbTable table{};
   table.own = this;
   table.find = [](void *self, const char *name, std::uint64_t *column) {
      return Told([&] {
         auto &table = *static_cast<TreeTable *>(self);
         std::lock_guard<std::mutex> lock(table.fMutex);
         const auto known = table.fByName.find(name);
         if (known == table.fByName.end())
            return false;
         *column = table.fColumns[known->second].fId;
         return true;
      });
   };
   table.describe = [](void *self, std::uint64_t column, RbTableColumn *out) {
      return Told([&] { return static_cast<TreeTable *>(self)->Describe(column, *out); });
   };
   table.is_written = [](void *self, std::uint64_t column) {
      return Told([&] {
         auto &table = *static_cast<TreeTable *>(self);
         std::lock_guard<std::mutex> lock(table.fMutex);
         const Column *known = table.Find(column);
         return known && IsOurs(*known->fBranch) && !known->fBranch->TestBit(kDoNotProcess);
      });
   };
   table.counted_by = [](void *self, std::uint64_t counter, std::size_t *n) -> const std::uint64_t * {
      auto &table = *static_cast<TreeTable *>(self);
      std::lock_guard<std::mutex> lock(table.fMutex);
      const Column *known = table.Find(counter);
      *n = known ? known->fCounted.size() : 0;
      return known ? known->fCounted.data() : nullptr;
   };
   table.live = [](void *self, std::uint64_t column, RbLive *out) {
      return Told([&] { return static_cast<TreeTable *>(self)->Live(column, *out); });
   };
   return table;
}

bool TreeTable::IsSame(const Shape &a, const Shape &b)
{
   const auto isSameLeaf = [](const LeafLayout &x, const LeafLayout &y) {
      return x.fName == y.fName && x.fType == y.fType && x.fCount == y.fCount;
   };
   const auto &leaves = a.fLayout.fLeaves, &others = b.fLayout.fLeaves;
   return std::equal(leaves.begin(), leaves.end(), others.begin(), others.end(), isSameLeaf) &&
          a.fLayout.fIsVariable == b.fLayout.fIsVariable && a.fLayout.fStreamed == b.fLayout.fStreamed &&
          a.fLayout.fRowsPerEntry == b.fLayout.fRowsPerEntry && a.fInfo.value == b.fInfo.value &&
          a.fInfo.count == b.fInfo.count && a.fInfo.jagged == b.fInfo.jagged && a.fInfo.per_count == b.fInfo.per_count;
}

std::optional<TreeTable::Shape> TreeTable::ShapeOf(TBranch &branch)
{
   auto layout = LayoutOf(branch);
   if (!layout)
      return {};
   return Shape{std::move(*layout), ColumnInfoOf(branch)};
}

// Pointers are compared before they are followed: a list is reached only from lists that are as they were.
bool TreeTable::IsCurrent(TTree &tree) const
{
   if (fLists.empty() || fLists[0].first != tree.GetListOfBranches())
      return false;
   return std::all_of(fLists.begin(), fLists.end(), [](const auto &list) {
      const auto &[branches, known] = list;
      if (branches->GetLast() + 1 != static_cast<Int_t>(known.size()))
         return false;
      Int_t i = 0;
      return std::all_of(known.begin(), known.end(), [&](TObject *one) { return branches->UncheckedAt(i++) == one; });
   });
}

void TreeTable::Collect(TObjArray &branches)
{
   const std::size_t n = static_cast<std::size_t>(branches.GetLast() + 1);
   if (n == 0 && !fLists.empty())
      return;
   std::vector<TObject *> all;
   for (std::size_t i = 0; i < n; ++i)
      all.push_back(branches.UncheckedAt(static_cast<Int_t>(i)));
   fLists.emplace_back(&branches, all);
   for (TObject *object : all) {
      auto *branch = static_cast<TBranch *>(object);
      if (!branch)
         continue;
      Column column;
      column.fBranch = branch;
      column.fName = branch->GetName();
      fByBranch.emplace(branch, fColumns.size());
      if (ColumnType(*branch))
         fByName.emplace(column.fName, fColumns.size()); // the first counts
      fColumns.push_back(std::move(column));
      Collect(*branch->GetListOfBranches());
   }
}

// Places of the counters, by the branches of this tree alone: leaves may point anywhere.
void TreeTable::FindCounters()
{
   for (Column &column : fColumns) {
      TBranch *counter = CountingBranch(*column.fBranch);
      const auto known = counter ? fByBranch.find(counter) : fByBranch.end();
      if (known != fByBranch.end() && CounterType(*counter))
         column.fCounter = known->second;
   }
}

// Whether a column is what another one was before the tree's branches changed; its counter apart.
bool TreeTable::IsStill(const Column &column, const Column &before)
{
   if (before.fName != column.fName)
      return false;
   const auto shape = before.fShape ? ShapeOf(*column.fBranch) : std::nullopt;
   return !before.fShape || (shape && IsSame(*before.fShape, *shape));
}

std::vector<std::uint64_t> TreeTable::Update(TTree &tree)
{
   std::lock_guard<std::mutex> lock(fMutex);
   if (IsCurrent(tree))
      return {};
   const std::vector<Column> old = std::move(fColumns);
   const auto oldPlaces = std::move(fByBranch);
   fColumns.clear();
   fByBranch.clear();
   fLists.clear();
   fById.clear();
   fByName.clear();
   Collect(*tree.GetListOfBranches());
   FindCounters();

   std::map<std::uint64_t, const Column *> gone; // if nobody is what they were
   for (const Column &column : old)
      gone.emplace(column.fId, &column);
   const auto keep = [&](Column &column, std::uint64_t counter) {
      const auto place = oldPlaces.find(column.fBranch);
      if (place == oldPlaces.end())
         return;
      const Column &before = old[place->second];
      const std::uint64_t counterBefore = before.fCounter == kNone ? 0 : old[before.fCounter].fId;
      if (counterBefore != counter || !IsStill(column, before))
         return;
      column.fId = before.fId;
      column.fShape = before.fShape;
      gone.erase(before.fId);
   };
   for (const bool isCounted : {false, true}) // no counter has one itself
      for (Column &column : fColumns)
         if ((column.fCounter != kNone) == isCounted) {
            keep(column, isCounted ? fColumns[column.fCounter].fId : 0);
            if (column.fId == 0)
               column.fId = ++fLastId;
         }
   for (std::size_t i = 0; i < fColumns.size(); ++i) {
      fById.emplace(fColumns[i].fId, i);
      if (fColumns[i].fCounter != kNone && LayoutOf(*fColumns[i].fBranch))
         fColumns[fColumns[i].fCounter].fCounted.push_back(fColumns[i].fId);
   }
   std::vector<std::uint64_t> ids;
   for (const auto &one : gone)
      ids.push_back(one.first);
   return ids;
}

std::optional<std::uint64_t> TreeTable::ColumnOf(TBranch &branch)
{
   std::lock_guard<std::mutex> lock(fMutex);
   const auto known = fByBranch.find(&branch);
   if (known == fByBranch.end())
      return {};
   Column &column = fColumns[known->second];
   if (!column.fShape)
      column.fShape = ShapeOf(branch);
   return column.fShape && column.fName == branch.GetName() ? std::optional(column.fId) : std::nullopt;
}

TreeTable::Column *TreeTable::Find(std::uint64_t id)
{
   const auto known = fById.find(id);
   if (known == fById.end())
      return nullptr;
   Column &column = fColumns[known->second];
   return column.fName == column.fBranch->GetName() ? &column : nullptr;
}

bool TreeTable::Describe(std::uint64_t id, RbTableColumn &out)
{
   std::lock_guard<std::mutex> lock(fMutex);
   Column *column = Find(id);
   if (!column)
      return false;
   if (!column->fShape)
      column->fShape = ShapeOf(*column->fBranch);
   if (!column->fShape)
      return false;
   const Shape &shape = *column->fShape;
   fLeaves.clear();
   for (const LeafLayout &leaf : shape.fLayout.fLeaves)
      fLeaves.push_back({leaf.fName.c_str(), leaf.fType, leaf.fCount});
   out.info = shape.fInfo;
   out.info.name = column->fName.c_str(); // the branch may be gone
   if (column->fCounter != kNone)
      out.info.counter = fColumns[column->fCounter].fId;
   out.leaves = fLeaves.data();
   out.n_leaves = fLeaves.size();
   out.rows_per_entry = shape.fLayout.fIsVariable ? 0 : shape.fLayout.fRowsPerEntry;
   out.streamed = shape.fLayout.fStreamed;
   return true;
}

bool TreeTable::Live(std::uint64_t id, RbLive &out)
{
   std::lock_guard<std::mutex> lock(fMutex);
   Column *column = Find(id);
   if (!column)
      return false;
   TBranch &branch = *column->fBranch;
   const Int_t current = branch.GetWriteBasket();
   TObjArray &baskets = *branch.GetListOfBaskets();
   const bool isThere = current >= 0 && current <= baskets.GetLast();
   out = LiveOf(branch, isThere ? static_cast<TBasket *>(baskets.UncheckedAt(current)) : nullptr, current);
   return true;
}

RbLive TreeTable::LiveOf(TBranch &branch, TBasket *basket, Int_t where)
{
   RbLive live{};
   live.number = static_cast<std::uint64_t>(where);
   if (!basket)
      return live;
   live.first = static_cast<std::uint64_t>(branch.GetBasketEntry()[where]);
   live.entries = static_cast<std::size_t>(std::max(0, basket->GetNevBuf()));
   live.len = BytesIn(*basket);
   if (live.len)
      live.values = reinterpret_cast<const std::uint8_t *>(basket->GetBufferRef()->Buffer() + basket->GetKeylen());
   live.begins = IsJagged(branch) ? basket->GetEntryOffset() : nullptr;
   live.base = basket->GetKeylen();
   return live;
}

} // namespace Internal
} // namespace RootBaler
