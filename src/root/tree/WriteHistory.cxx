#include "tree/WriteHistory.h"

#include "basket/BasketLayout.h"

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

// How many of the entries have as many elements as `counts` says.
std::size_t WriteHistory::Segment::Agreeing(std::size_t from, std::size_t to, const std::uint32_t *counts) const
{
   if (fEnds.empty())
      return static_cast<std::size_t>(std::find_if(counts, counts + (to - from), [](auto n) { return n != 1; }) - counts);
   std::size_t begin = Begin(from);
   for (std::size_t entry = from; entry < to; ++entry) {
      if (fEnds[entry] - begin != counts[entry - from])
         return entry - from;
      begin = fEnds[entry];
   }
   return to - from;
}

void WriteHistory::Segment::Append(const ColumnContext &more)
{
   if (!fContext)
      fContext = std::make_shared<ColumnContext>();
   else if (fContext.use_count() > 1) // other threads may look at it; nobody else can begin to, while we have the lock
      fContext = std::make_shared<ColumnContext>(*fContext);
   fContext->Append(more, 0, more.size());
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
      auto more = column.fRole.fModel->Context(column.fRole.fColumn, values + known * width, end - known);
      if (known == 0)
         live.fContext = std::make_shared<ColumnContext>(std::move(more));
      else
         live.Append(more);
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
      fPointed.clear();
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

// The contexts of the entries from `first` that are known without a gap. With `counts`: as long as the entries have so
// many elements.
WriteHistory::View WriteHistory::ViewOf(TBranch &branch, Column &column, Long64_t first, std::size_t entries,
                                        const std::vector<std::uint32_t> &counts)
{
   View view;
   std::shared_ptr<ColumnContext> joined; // where several segments have them
   for (std::size_t done = 0; done < entries;) {
      const Segment *segment = FindSegment(column, branch, first + static_cast<Long64_t>(done));
      if (!segment || !segment->fContext)
         break;
      const std::size_t from = static_cast<std::size_t>(first + static_cast<Long64_t>(done) - segment->fFirst);
      std::size_t to = std::min(segment->fEntries, from + entries - done);
      const std::size_t begin = segment->Begin(from);
      if (!counts.empty())
         to = from + segment->Agreeing(from, to, counts.data() + done);
      const std::size_t rows = segment->Begin(to) - begin;
      if (done == 0) {
         view = {segment->fContext, begin, rows};
      } else {
         if (!joined) {
            joined = std::make_shared<ColumnContext>();
            joined->Append(*view.fOwner, view.fFirst, view.fFirst + view.fRows);
         }
         joined->Append(*segment->fContext, begin, begin + rows);
         view = {joined, 0, joined->size()};
      }
      done += to - from;
      if (to < segment->fEntries)
         break; // all there, or entries that contradict their counter
   }
   return view;
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
      gathered.fRows = std::min(gathered.fRows, gathered.fContexts.back().fRows);
   }
   return gathered;
}

WriteHistory::View WriteHistory::GatherOwn(TBranch &child, const ModelPtr &model, std::size_t column, Long64_t first,
                                           std::size_t entries, const std::vector<std::uint32_t> &counts)
{
   TBranch *branch = Find(*child.GetTree(), model->Name(column));
   // Only branches that we write ourselves leave a history and hold still while we look at them.
   const bool isKnown = branch && IsOurs(*branch) && ColumnType(*branch) == model->Type(column) &&
                        IsJagged(*branch) == model->IsJagged() &&
                        (!model->IsJagged() || (CounterOf(*branch) == CounterOf(child) &&
                                                ElementsPerCount(*branch) == ElementsPerCount(child)));
   return isKnown ? ViewOf(*branch, Look(*branch, {model, column}), first, entries, counts) : View();
}

WriteHistory::View WriteHistory::GatherForeign(TBranch &child, const ModelPtr &model, std::size_t column, Long64_t first,
                                               std::size_t entries, const std::vector<std::uint32_t> &counts)
{
   Pointed &pointed = fPointed[{model.get(), column}];
   if (pointed.fView.fOwner && pointed.fFirst == first && pointed.fEntries == entries)
      return pointed.fView;
   const auto foreign = model->Foreign(column);
   TBranch *branch = Find(*child.GetTree(), foreign->fBranch);
   if (!branch || !IsOurs(*branch) || ColumnType(*branch) != model->Type(column) || !IsJagged(*branch))
      return {};
   const View indices = GatherOwn(child, model, foreign->fIndex, first, entries, counts);
   const auto elementCounts = KnownCounts(*branch, first, entries);
   View values;
   if (!elementCounts.empty())
      values = ViewOf(*branch, Look(*branch, {model, column}), first, elementCounts.size(), elementCounts);
   // as many entries as are known of both
   std::size_t rows = 0;
   std::size_t there = 0;
   std::size_t known = 0;
   for (; known < elementCounts.size(); ++known) {
      if (rows + counts[known] > indices.fRows || there + elementCounts[known] > values.fRows)
         break;
      rows += counts[known];
      there += elementCounts[known];
   }
   auto context = model->Gather(column, {indices.Data(), rows, counts.data(), known},
                                {values.Data(), there, elementCounts.data(), known});
   const View view{std::make_shared<ColumnContext>(std::move(context)), 0, rows};
   if (known == entries)
      pointed = {first, entries, view};
   return view;
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
