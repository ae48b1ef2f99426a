#include "WriteHistory.h"

#include "../BasketLayout.h"
#include "RootBaler/Setting.h"

#include <TBasket.h>
#include <TBranch.h>
#include <TBufferFile.h>
#include <TTree.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

namespace RootBaler {
namespace Internal {

namespace {

constexpr std::size_t kMaxBytes = 256u << 20; // what is older is forgotten and costs ratio only
constexpr std::size_t kDropStep = 4u << 20;

bool IsOurs(const TBranch &branch)
{
   return branch.GetCompressionAlgorithm() == kAlgorithm && branch.GetCompressionLevel() != 0;
}

std::size_t BytesIn(const TBasket &basket)
{
   TBuffer *buffer = basket.GetBufferRef();
   if (!buffer || buffer->TestBit(TBufferFile::kNotDecompressed) || buffer->Length() < basket.GetKeylen())
      return 0;
   return static_cast<std::size_t>(buffer->Length() - basket.GetKeylen());
}

} // namespace

std::size_t WriteHistory::Segment::Begin(std::size_t entry) const
{
   if (fEnds.empty())
      return entry;
   return entry == 0 ? 0 : fEnds[entry - 1];
}

// Brings what is known of the basket in memory up to its last entry.
void WriteHistory::UpdateLive(Column &column, TBranch &branch, TBasket &basket, Int_t where)
{
   Segment &live = column.fLive;
   const Long64_t first = branch.GetBasketEntry()[where];
   const RbType type = column.fRole.fModel ? column.fRole.fModel->Type(column.fRole.fColumn) : *CounterType(branch);
   const std::size_t width = WidthOf(type);
   const std::size_t elements = BytesIn(basket) / width;
   const std::size_t filled = static_cast<std::size_t>(std::max(0, basket.GetNevBuf()));
   const bool isJagged = IsJagged(branch);
   const std::size_t entries = isJagged ? (basket.GetEntryOffset() ? filled : 0) : std::min(filled, elements);
   if (live.fWhere != where || live.fFirst != first || live.fEntries > entries) {
      live = Segment();
      live.fFirst = first;
      live.fWhere = where;
   }
   if (live.fEntries == entries)
      return;
   const char *values = basket.GetBufferRef()->Buffer() + basket.GetKeylen();
   const std::size_t known = live.Begin(live.fEntries);
   std::size_t end = entries;
   if (isJagged) {
      const Int_t *offsets = basket.GetEntryOffset();
      for (std::size_t entry = live.fEntries; entry < entries; ++entry)
         live.fEnds.push_back(entry + 1 < filled ? (offsets[entry + 1] - basket.GetKeylen()) / width : elements);
      end = live.fEnds.back();
   }
   live.fEntries = entries;
   if (column.fRole.fModel) {
      const auto more = column.fRole.fModel->Context(column.fRole.fColumn, values + known * width, end - known);
      live.fContext.Append(more, 0, more.size());
   } else {
      const auto more = CountsFrom(type, values + known * width, end - known);
      live.fCounts.insert(live.fCounts.end(), more.begin(), more.end());
   }
}

void WriteHistory::LookAtBranches(TTree &tree)
{
   const Int_t n = tree.GetListOfBranches()->GetEntriesFast();
   if (n == fNBranches)
      return;
   fBranches.clear();
   fCounted.clear();
   LookAtCounters(*tree.GetListOfBranches());
   fNBranches = n;
}

void WriteHistory::LookAtCounters(TObjArray &branches)
{
   for (TObject *object : branches) {
      auto &branch = *static_cast<TBranch *>(object);
      TBranch *counter = CounterOf(branch);
      if (counter && LayoutOf(branch))
         fCounted[counter].push_back(&branch);
      LookAtCounters(*branch.GetListOfBranches());
   }
}

TBranch *WriteHistory::Find(TTree &tree, const std::string &name)
{
   LookAtBranches(tree);
   auto known = fBranches.find(name);
   if (known == fBranches.end())
      known = fBranches.emplace(name, FindColumnBranch(tree, name)).first;
   return known->second;
}

bool WriteHistory::IsCounter(TBranch &branch)
{
   std::lock_guard<std::mutex> lock(fMutex);
   LookAtBranches(*branch.GetTree());
   const auto counted = fCounted.find(&branch);
   return counted != fCounted.end() && std::any_of(counted->second.begin(), counted->second.end(),
                                                   [](const TBranch *child) { return IsOurs(*child); });
}

// The record of a branch in this role.
WriteHistory::Column &WriteHistory::Look(TBranch &branch, const Role &role)
{
   Column &column = fRecords[&branch].fColumns[role.fModel.get()];
   column.fRole = role;
   return column;
}

void WriteHistory::Begin(TBranch &branch, TBasket &basket, Int_t where, const std::vector<Role> &roles)
{
   const Long64_t first = branch.GetBasketEntry()[where];
   std::lock_guard<std::mutex> lock(fMutex);
   auto known = fRecords.find(&branch);
   if (known != fRecords.end() && first < known->second.fEnd) {
      // The tree was reset and is filled anew: what we know is about other entries.
      fRecords.clear();
      fBytes = 0;
   }
   for (const Role &role : roles) {
      Column &column = Look(branch, role);
      if (role.fIsCounter || (role.fModel && role.fModel->IsParent(role.fColumn))) {
         UpdateLive(column, branch, basket, where);
         fBytes += column.fLive.Bytes();
         column.fWritten.push_back(std::move(column.fLive));
         column.fLive = Segment();
      }
   }
   Record &record = fRecords[&branch];
   record.fIsWriting = true;
   record.fEnd = first + basket.GetNevBuf();
}

void WriteHistory::End(TBranch &branch)
{
   std::lock_guard<std::mutex> lock(fMutex);
   fRecords[&branch].fIsWriting = false;
   if (fBytes >= fDropAt)
      DropPassed(*branch.GetTree());
}

const WriteHistory::Segment *WriteHistory::FindSegment(Column &column, TBranch &branch, Long64_t entry)
{
   const Int_t current = branch.GetWriteBasket();
   const bool isWriting = fRecords[&branch].fIsWriting;
   for (const Segment &segment : column.fWritten) {
      if (segment.fWhere >= current && !isWriting)
         continue; // the tree was reset since
      if (entry >= segment.fFirst && entry < segment.End())
         return &segment;
   }
   TObjArray &baskets = *branch.GetListOfBaskets();
   auto *basket = isWriting || current > baskets.GetLast()
                     ? nullptr
                     : static_cast<TBasket *>(baskets.UncheckedAt(current));
   if (!basket)
      return nullptr;
   UpdateLive(column, branch, *basket, current);
   return entry >= column.fLive.fFirst && entry < column.fLive.End() ? &column.fLive : nullptr;
}

// Appends to `out` the contexts of the entries from `first` that are known without a gap. With `counts`: as long as the
// entries have so many elements.
void WriteHistory::Copy(TBranch &branch, Column &column, Long64_t first, std::size_t entries,
                        const std::vector<std::uint32_t> &counts, ColumnContext &out)
{
   for (std::size_t done = 0; done < entries;) {
      const Segment *segment = FindSegment(column, branch, first + static_cast<Long64_t>(done));
      if (!segment)
         return;
      const std::size_t from = static_cast<std::size_t>(first + static_cast<Long64_t>(done) - segment->fFirst);
      std::size_t to = std::min(segment->fEntries, from + entries - done);
      if (!counts.empty())
         for (std::size_t entry = from; entry < to; ++entry)
            if (segment->Begin(entry + 1) - segment->Begin(entry) != counts[done + entry - from])
               to = entry;
      out.Append(segment->fContext, segment->Begin(from), segment->Begin(to));
      done += to - from;
      if (to < segment->fEntries)
         return; // all there, or entries that contradict their counter
   }
}

// Elements of the entries from `first`, as far as the counter is known.
std::vector<std::uint32_t> WriteHistory::KnownCounts(TBranch &child, Long64_t first, std::size_t entries)
{
   TBranch *counter = CounterOf(child);
   if (!counter || !IsOurs(*counter))
      return {};
   Column &column = Look(*counter, {nullptr, 0, true});
   const std::uint32_t factor = ElementsPerCount(child);
   std::vector<std::uint32_t> counts;
   while (counts.size() < entries) {
      const Long64_t entry = first + static_cast<Long64_t>(counts.size());
      const Segment *segment = FindSegment(column, *counter, entry);
      if (!segment)
         break;
      for (std::size_t i = static_cast<std::size_t>(entry - segment->fFirst);
           i < segment->fEntries && counts.size() < entries; ++i)
         counts.push_back(segment->fCounts[i] * factor);
   }
   return counts;
}

std::vector<std::uint32_t> WriteHistory::CountsOf(TBranch &child, Long64_t first, std::size_t entries)
{
   std::lock_guard<std::mutex> lock(fMutex);
   auto counts = KnownCounts(child, first, entries);
   if (counts.size() < entries)
      counts.clear();
   return counts;
}

WriteHistory::Gathered WriteHistory::Gather(TBranch &child, const ModelPtr &model,
                                            const std::vector<std::uint32_t> &parents, Long64_t first,
                                            std::size_t entries, const std::vector<std::uint32_t> &counts)
{
   Gathered gathered;
   gathered.fRows = model->IsJagged() ? std::accumulate(counts.begin(), counts.end(), std::size_t(0)) : entries;
   std::lock_guard<std::mutex> lock(fMutex);
   for (std::uint32_t parent : parents) {
      gathered.fContexts.push_back(model->Foreign(parent)
                                      ? GatherForeign(child, model, parent, first, entries, counts)
                                      : GatherOwn(child, model, parent, first, entries, counts));
      gathered.fRows = std::min(gathered.fRows, gathered.fContexts.back().size());
   }
   return gathered;
}

ColumnContext WriteHistory::GatherOwn(TBranch &child, const ModelPtr &model, std::size_t column, Long64_t first,
                                      std::size_t entries, const std::vector<std::uint32_t> &counts)
{
   ColumnContext contexts;
   TBranch *branch = Find(*child.GetTree(), model->Name(column));
   // Only branches that we write ourselves leave a history and hold still while we look at them.
   const bool isKnown = branch && IsOurs(*branch) && ColumnType(*branch) == model->Type(column) &&
                        IsJagged(*branch) == model->IsJagged() &&
                        (!model->IsJagged() || (CounterOf(*branch) == CounterOf(child) &&
                                                ElementsPerCount(*branch) == ElementsPerCount(child)));
   if (isKnown)
      Copy(*branch, Look(*branch, {model, column}), first, entries, counts, contexts);
   return contexts;
}

ColumnContext WriteHistory::GatherForeign(TBranch &child, const ModelPtr &model, std::size_t column, Long64_t first,
                                          std::size_t entries, const std::vector<std::uint32_t> &counts)
{
   const auto foreign = model->Foreign(column);
   TBranch *branch = Find(*child.GetTree(), foreign->fBranch);
   if (!branch || !IsOurs(*branch) || ColumnType(*branch) != model->Type(column) || !IsJagged(*branch))
      return {};
   const ColumnContext index = GatherOwn(child, model, foreign->fIndex, first, entries, counts);
   auto elementCounts = KnownCounts(*branch, first, entries);
   ColumnContext elements;
   if (!elementCounts.empty())
      Copy(*branch, Look(*branch, {model, column}), first, elementCounts.size(), elementCounts, elements);
   // as many entries as are known of both
   std::size_t rows = 0;
   std::size_t there = 0;
   std::size_t known = 0;
   for (; known < elementCounts.size(); ++known) {
      if (rows + counts[known] > index.size() || there + elementCounts[known] > elements.size())
         break;
      rows += counts[known];
      there += elementCounts[known];
   }
   ColumnContext knownIndex;
   knownIndex.Append(index, 0, rows);
   const std::vector<std::uint32_t> knownCounts(counts.begin(), counts.begin() + known);
   elementCounts.resize(known);
   return model->Gather(column, {knownIndex, knownCounts}, {elements, elementCounts});
}

// Forgets what every branch that could need it has passed.
void WriteHistory::DropPassed(TTree &tree)
{
   Long64_t passed = std::numeric_limits<Long64_t>::max();
   auto needs = [&](TBranch *child) {
      if (!child || child->TestBit(kDoNotProcess) || !IsOurs(*child))
         return;
      auto known = fRecords.find(child);
      passed = std::min(passed, known == fRecords.end() ? 0 : known->second.fEnd);
   };
   std::set<const Model *> models;
   for (const auto &record : fRecords)
      for (const auto &column : record.second.fColumns)
         models.insert(column.first);
   models.erase(nullptr);
   for (const Model *model : models)
      for (std::size_t i = 0; i < model->Columns(); ++i)
         if (model->IsJagged() || !model->Parents(i).empty())
            needs(Find(tree, model->Name(i)));
   for (const auto &counted : fCounted)
      for (TBranch *child : counted.second)
         needs(child);
   for (auto &record : fRecords) {
      for (auto &column : record.second.fColumns) {
         auto &written = column.second.fWritten;
         while (!written.empty() && (written.front().End() <= passed || fBytes > kMaxBytes)) {
            fBytes -= written.front().Bytes();
            written.pop_front();
         }
      }
   }
   fDropAt = 2 * fBytes + kDropStep;
}

} // namespace Internal
} // namespace RootBaler
