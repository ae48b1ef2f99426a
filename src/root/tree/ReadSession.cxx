#include "tree/ReadSession.h"

#include "basket/BlockHeader.h"
#include "support/Check.h"
#include "basket/BasketLayout.h"
#include "codec/ModelRegistry.h"
#include "support/RootZip.h"
#include "basket/BasketList.h"
#include "basket/BasketRecord.h"
#include "RootBaler/Codec.h"

#include <TBasket.h>
#include <TBranch.h>
#include <TBufferFile.h>
#include <TFile.h>
#include <TTree.h>

#include <algorithm>
#include <numeric>

namespace RootBaler {
namespace Internal {

namespace {

constexpr std::size_t kMaxDepth = 2048; // of baskets that need baskets; models have fewer columns

std::size_t Sum(const std::vector<std::uint32_t> &counts)
{
   return std::accumulate(counts.begin(), counts.end(), std::size_t(0));
}

std::string BasketName(TBranch &branch, Int_t number)
{
   return std::string("basket ") + std::to_string(number) + " of branch " + branch.GetName();
}

} // namespace

void ReadSession::Decode(const BlockPlace &place, const std::uint8_t *block, std::size_t size, std::uint8_t *tgt,
                         std::size_t rawSize)
{
   RbBlockInfo info{};
   Check(rb_block_info(block, size, &info));
   if (info.raw_len != rawSize)
      throw Error(EStatus::kCorrupt, "the block and its basket differ in length; the file is damaged");
   if (info.kind == RB_KIND_MODEL) {
      const auto key = place.fFile ? CacheKey(*place.fFile, place.fPos, 0, kBytesView) : std::nullopt;
      const ViewPtr known = key ? TakeView(*key) : nullptr; // decoded before, as others needed it
      if (known && known->fBytes.size() == rawSize)
         std::copy(known->fBytes.begin(), known->fBytes.end(), tgt);
      else
         DecodeWithModel(place, info, block, size, tgt, rawSize);
      // Who needs it later must not decode it again: its own readers after this one, or another model.
      if (key && place.fBranch && (!fInWork.empty() || IsForeign(place.fBranch->GetName())))
         KeepView(*key, known ? known : std::make_shared<const BasketView>(BasketView{{}, {}, {tgt, tgt + rawSize}}));
      return;
   }
   std::vector<std::uint32_t> counts;
   if (info.needs_counts)
      counts = Counts(*place.fBranch, EntriesAt(place));
   const RbContext context{nullptr, 0, info.needs_counts != 0, counts.data(), counts.size()};
   Check(rb_decode(nullptr, &context, block, size, tgt, rawSize, nullptr, 0));
}

EntryRange ReadSession::EntriesAt(const BlockPlace &place)
{
   if (!place.fBranch || !place.fBranch->GetTree())
      throw Error(EStatus::kMissing, "it is coded with other branches, but is not read as part of a tree");
   return EntriesOf(*place.fBranch, BasketAt(*place.fBranch, place.fPos));
}

void ReadSession::DecodeWithModel(const BlockPlace &place, const RbBlockInfo &info, const std::uint8_t *block,
                                  std::size_t size, std::uint8_t *tgt, std::size_t rawSize)
{
   TTree *tree = place.fBranch ? place.fBranch->GetTree() : nullptr;
   const ModelPtr model = FindModel(info.model_hash, tree, place.fFile);
   if (!model)
      throw Error(EStatus::kMissing, "its model is not there; copy the key " + Codec::KeyName(info.model_hash) +
                                        " from the file where the basket was written to the top of this file");
   const std::size_t column = info.column;
   if (column >= model->Columns())
      throw Error(EStatus::kCorrupt, "it names a column that its model does not have; the file is damaged");

   const auto parents = model->Parents(column);
   EntryRange entries;
   const bool needsCounts = model->IsJagged() || info.needs_counts;
   if (needsCounts || !parents.empty())
      entries = EntriesAt(place);
   std::vector<std::uint32_t> counts;
   if (needsCounts)
      counts = Counts(*place.fBranch, entries);
   const std::size_t width = WidthOf(model->Type(column));
   const std::size_t rows = model->IsJagged() ? Sum(counts) : rawSize / width;
   if (rows > rawSize / width || info.rows_without_context > rows)
      throw Error(EStatus::kCorrupt, "its lengths contradict each other; the file is damaged");

   std::vector<ViewPtr> views; // they stay while they are needed
   std::vector<RbSeen> seen;
   RbContext context{nullptr, rows - info.rows_without_context, needsCounts, counts.data(), counts.size()};
   if (context.rows > 0)
      for (std::uint32_t parent : parents) {
         views.push_back(ParentOf(*place.fBranch, model, parent, entries, context.rows));
         seen.push_back(views.back()->fContext.View());
      }
   context.parents = seen.empty() ? nullptr : seen.data();
   const bool isParent = model->IsParent(column) && place.fBranch && place.fFile;
   BasketView view;
   if (isParent)
      view.fContext = model->RoomForContext(column, rows);
   const RbSeenOut out = view.fContext.Room();
   Check(rb_decode(model->Get(), &context, block, size, tgt, rawSize, isParent ? &out : nullptr, rows));
   if (!isParent)
      return;
   const auto made = std::make_shared<const BasketView>(std::move(view));
   fViews.emplace(std::make_tuple(place.fBranch, BasketAt(*place.fBranch, place.fPos), model->Hash(), column), made);
   if (const auto key = CacheKey(*place.fFile, place.fPos, model->Hash(), column))
      KeepView(*key, made);
}

const std::vector<std::uint32_t> &ReadSession::Counts(TBranch &branch, const EntryRange &entries)
{
   TBranch *counter = CounterOf(branch);
   if (!counter)
      throw Error(EStatus::kMissing, std::string("the number of elements of its entries is in another branch, which "
                                                 "this tree does not have; copy that branch too"));
   const std::uint32_t factor = ElementsPerCount(branch);
   const auto id = std::make_tuple(counter, entries.fFirst, entries.fEnd, factor);
   auto known = fCounts.find(id);
   if (known != fCounts.end())
      return known->second;
   std::vector<std::uint32_t> counts;
   for (Long64_t entry = entries.fFirst; entry < entries.fEnd;) {
      const Int_t number = BasketWith(*counter, entry);
      const ViewPtr view = CountsOf(*counter, number);
      const EntryRange range = EntriesOf(*counter, number);
      if (view->fCounts.size() != static_cast<std::size_t>(range.fEnd - range.fFirst))
         throw Error(EStatus::kCorrupt, BasketName(*counter, number) + " is of another length; the file is damaged");
      for (; entry < std::min(range.fEnd, entries.fEnd); ++entry)
         counts.push_back(view->fCounts[static_cast<std::size_t>(entry - range.fFirst)] * factor);
   }
   return fCounts.emplace(id, std::move(counts)).first->second;
}

namespace {

// The branch `name`, which has the values of a model's column.
TBranch &FindParent(TTree &tree, const std::string &name, const Model &model, std::size_t column)
{
   TBranch *branch = FindColumnBranch(tree, name);
   if (!branch)
      throw Error(EStatus::kMissing, "it is coded with the help of branch " + name +
                                        ", which this tree does not have; copy that branch too, or write with mode "
                                        "single");
   if (ColumnType(*branch) != model.Type(column) || IsJagged(*branch) != model.IsJagged())
      throw Error(EStatus::kIncompatible, "it is coded with the help of branch " + name +
                                             ", which has another type here than in the model");
   return *branch;
}

// The branch that has the values of a parent in the same group.
TBranch &FindRelative(TBranch &child, const Model &model, std::size_t parent)
{
   const std::string name = model.Name(parent);
   TBranch &branch = FindParent(*child.GetTree(), name, model, parent);
   if (model.IsJagged() && CounterOf(branch) != CounterOf(child))
      throw Error(EStatus::kIncompatible, "it is coded with the help of branch " + name +
                                             ", which has another counter here");
   return branch;
}

} // namespace

ViewPtr ReadSession::ParentOf(TBranch &child, const ModelPtr &model, std::size_t parent, const EntryRange &entries,
                              std::size_t rows)
{
   const auto foreign = model->Foreign(parent);
   TBranch &branch = FindRelative(child, *model, foreign ? foreign->fIndex : parent);
   const auto view = [&](Int_t number) {
      return foreign ? PointedTo(branch, number, model, parent) : ContextOf(branch, number, model, parent);
   };
   return Collect(branch, view, model->IsJagged(), entries, rows);
}

ViewPtr ReadSession::PointedTo(TBranch &index, Int_t number, const ModelPtr &model, std::size_t column)
{
   return View(index, number, model->Hash(), column, [&] {
      const auto foreign = model->Foreign(column);
      TBranch &branch = FindParent(*index.GetTree(), foreign->fBranch, *model, column);
      const EntryRange entries = EntriesOf(index, number);
      const ViewPtr from = ContextOf(index, number, model, foreign->fIndex);
      const auto &counts = Counts(branch, entries);
      const auto view = [&](Int_t basket) { return ContextOf(branch, basket, model, column); };
      const ViewPtr elements = Collect(branch, view, true, entries, Sum(counts));
      const auto &indexCounts = Counts(index, entries);
      auto context = model->Gather(
         column, {from->fContext.View(), from->fContext.size(), indexCounts.data(), indexCounts.size()},
         {elements->fContext.View(), elements->fContext.size(), counts.data(), counts.size()});
      return std::make_shared<const BasketView>(BasketView{std::move(context), {}, {}});
   });
}

ViewPtr ReadSession::Collect(TBranch &branch, const std::function<ViewPtr(Int_t)> &viewOf, bool isJagged,
                             const EntryRange &entries, std::size_t rows)
{
   BasketView collected;
   ColumnContext &context = collected.fContext;
   for (Long64_t entry = entries.fFirst; context.size() < rows;) {
      const Int_t number = BasketWith(branch, entry);
      const EntryRange range = EntriesOf(branch, number);
      const ViewPtr view = viewOf(number);
      if (view->fContext.size() != RowsIn(branch, number, isJagged))
         throw Error(EStatus::kCorrupt, BasketName(branch, number) + " is of another length; the file is damaged");
      // most baskets of a group begin and end together, and then nothing need be copied
      if (range.fFirst == entries.fFirst && view->fContext.size() >= rows)
         return view;
      const std::size_t from =
         isJagged ? Sum(Counts(branch, {range.fFirst, entry})) : static_cast<std::size_t>(entry - range.fFirst);
      context.Append(view->fContext, from, from + std::min(view->fContext.size() - from, rows - context.size()));
      entry = range.fEnd;
   }
   return std::make_shared<const BasketView>(std::move(collected));
}

std::size_t ReadSession::RowsIn(TBranch &branch, Int_t number, bool isJagged)
{
   const EntryRange range = EntriesOf(branch, number);
   return isJagged ? Sum(Counts(branch, range)) : static_cast<std::size_t>(range.fEnd - range.fFirst);
}

ViewPtr ReadSession::ContextOf(TBranch &branch, Int_t number, const ModelPtr &model, std::size_t column)
{
   return View(branch, number, model->Hash(), column, [&] {
      const std::size_t rows = RowsIn(branch, number, model->IsJagged());
      const auto values = BasketValues(branch, number, rows * WidthOf(model->Type(column)));
      const auto decoded = fViews.find(std::make_tuple(&branch, number, model->Hash(), column));
      if (decoded != fViews.end())
         return decoded->second; // it was coded with this model, so decoding gave the context, too
      return std::make_shared<const BasketView>(BasketView{model->Context(column, values.data(), rows), {}, {}});
   });
}

ViewPtr ReadSession::CountsOf(TBranch &counter, Int_t number)
{
   return View(counter, number, 0, kCountsView, [&] {
      const RbType type = *CounterType(counter);
      const EntryRange range = EntriesOf(counter, number);
      const std::size_t entries = static_cast<std::size_t>(range.fEnd - range.fFirst);
      const auto values = BasketValues(counter, number, entries * WidthOf(type));
      return std::make_shared<const BasketView>(BasketView{{}, CountsFrom(type, values.data(), entries), {}});
   });
}

ViewPtr ReadSession::View(TBranch &branch, Int_t number, std::uint64_t hash, std::size_t index,
                          const std::function<ViewPtr()> &make)
{
   const auto id = std::make_tuple(&branch, number, hash, index);
   auto known = fViews.find(id);
   if (known != fViews.end())
      return known->second;
   const Long64_t pos = branch.GetBasketSeek(number);
   TFile *file = branch.GetFile();
   const auto key = pos && file ? CacheKey(*file, pos, hash, index) : std::nullopt;
   ViewPtr view = key ? FindView(*key) : nullptr;
   if (!view) {
      if (fInWork.size() >= kMaxDepth || !fInWork.insert(id).second)
         throw Error(EStatus::kCorrupt, BasketName(branch, number) + " needs itself; the file is damaged");
      view = make();
      fInWork.erase(id);
      if (key)
         KeepView(*key, view);
   }
   fViews.emplace(id, view);
   return view;
}

std::vector<std::uint8_t> ReadSession::BasketValues(TBranch &branch, Int_t number, std::size_t size)
{
   const Long64_t pos = branch.GetBasketSeek(number);
   TFile *file = branch.GetFile();
   if (pos && file) {
      try {
         // Behind the values are the entry offsets, if the entries are of different length.
         const EntryRange range = EntriesOf(branch, number);
         const std::size_t offsets = 16 + 8 * static_cast<std::size_t>(range.fEnd - range.fFirst + 1);
         auto values = Unpack({&branch, file, pos}, ReadRecord(branch, *file, pos, branch.GetBasketBytes()[number]),
                              size, size + offsets);
         values.resize(size);
         return values;
      } catch (const Error &error) {
         throw Error(error.Status(), BasketName(branch, number) + ", which it is coded with: " + error.what());
      }
   }
   // Not on file yet: the tree is being written, or was stored with its last baskets inside.
   TObjArray &baskets = *branch.GetListOfBaskets();
   auto *basket = number <= baskets.GetLast() ? static_cast<TBasket *>(baskets.UncheckedAt(number)) : nullptr;
   TBuffer *buffer = basket ? basket->GetBufferRef() : nullptr;
   if (!buffer || buffer->TestBit(TBufferFile::kNotDecompressed) || basket->GetKeylen() < 0 ||
       static_cast<std::size_t>(buffer->BufferSize()) < basket->GetKeylen() + size)
      throw Error(EStatus::kMissing, BasketName(branch, number) +
                                        ", which it is coded with, is neither in the file nor in memory");
   const auto *values = reinterpret_cast<const std::uint8_t *>(buffer->Buffer() + basket->GetKeylen());
   return std::vector<std::uint8_t>(values, values + size);
}

// The content of a record, whatever it was compressed with.
std::vector<std::uint8_t> ReadSession::Unpack(const BlockPlace &place, const std::vector<char> &record,
                                              std::size_t least, std::size_t most)
{
   const auto header = ParseRecord(record.data(), record.size());
   if (!header || header->fObject < least || header->fObject > most)
      throw Error(EStatus::kCorrupt, "its header does not fit its entries; the file is damaged");
   const std::size_t size = header->fObject;
   const auto *at = reinterpret_cast<const std::uint8_t *>(record.data()) + header->fKey;
   std::size_t left = header->fBytes - header->fKey;
   if (size <= left) // stored as it is
      return std::vector<std::uint8_t>(at, at + size);
   std::vector<std::uint8_t> values;
   while (values.size() < size) {
      if (left < kBlockHeader)
         throw Error(EStatus::kCorrupt, "its last block is not complete; the file is damaged");
      const BlockSizes sizes = ReadBlockSizes(at); // the same for all of ROOT's algorithms
      const std::size_t done = values.size();
      if (static_cast<std::size_t>(sizes.fCompressed) > left || sizes.fRaw <= 0 ||
          static_cast<std::size_t>(sizes.fRaw) > size - done)
         throw Error(EStatus::kCorrupt, "a block claims more bytes than there are; the file is damaged");
      values.resize(done + sizes.fRaw);
      if (IsOurBlock(at)) {
         Decode(place, at, sizes.fCompressed, values.data() + done, sizes.fRaw);
      } else {
         int in = sizes.fCompressed, out = sizes.fRaw, written = 0;
         RootUnzip(&in, at, &out, values.data() + done, &written);
         if (written != sizes.fRaw)
            throw Error(EStatus::kCorrupt, "ROOT cannot decompress it");
      }
      at += sizes.fCompressed;
      left -= sizes.fCompressed;
   }
   return values;
}

} // namespace Internal
} // namespace RootBaler
