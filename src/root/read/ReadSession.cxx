#include "ReadSession.h"

#include "../BlockHeader.h"
#include "../Check.h"
#include "../ColumnBranch.h"
#include "../ModelRegistry.h"
#include "BasketList.h"
#include "BasketRecord.h"

#include <RZip.h>
#include <TBasket.h>
#include <TBranch.h>
#include <TBufferFile.h>
#include <TFile.h>
#include <TTree.h>

#include <algorithm>

namespace RootBaler {
namespace Internal {

namespace {

constexpr std::size_t kMaxDepth = 2048; // of baskets that need baskets; models have fewer columns

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
   if (info.kind == RB_KIND_MODEL)
      DecodeWithModel(place, info, block, size, tgt, rawSize);
   else
      Check(rb_decode(nullptr, nullptr, 0, block, size, tgt, rawSize));
}

void ReadSession::DecodeWithModel(const BlockPlace &place, const RbBlockInfo &info, const std::uint8_t *block,
                                  std::size_t size, std::uint8_t *tgt, std::size_t rawSize)
{
   TTree *tree = place.fBranch ? place.fBranch->GetTree() : nullptr;
   const ModelPtr model = FindModel(info.model_hash, tree, place.fFile);
   if (!model)
      throw Error(EStatus::kMissing, "its model " + HashText(info.model_hash) +
                                        " is neither with the tree nor in a RootBalerCodec key of the file; copy that "
                                        "key from the file where the basket was written");
   const std::size_t column = info.column;
   if (column >= model->Columns())
      throw Error(EStatus::kCorrupt, "it names a column that its model does not have; the file is damaged");
   const std::size_t width = WidthOf(model->Type(column));
   const std::size_t rows = rawSize / width;
   if (rows * width != rawSize || info.rows_without_context > rows)
      throw Error(EStatus::kCorrupt, "its lengths contradict each other; the file is damaged");
   const std::size_t contextRows = rows - info.rows_without_context;

   std::vector<std::vector<std::int16_t>> contexts;
   std::vector<const std::int16_t *> pointers;
   const auto parents = model->Parents(column);
   if (contextRows > 0 && !parents.empty()) {
      if (!tree)
         throw Error(EStatus::kMissing, "it is coded with other branches, but is not read as part of a tree");
      const Long64_t first = EntriesOf(*place.fBranch, BasketAt(*place.fBranch, place.fPos)).fFirst;
      for (std::uint32_t parent : parents)
         contexts.push_back(Gather(*place.fBranch, model, parent, first, contextRows));
      for (const auto &context : contexts)
         pointers.push_back(context.data());
   }
   Check(rb_decode(model->Get(), pointers.empty() ? nullptr : pointers.data(), pointers.empty() ? 0 : contextRows, block,
                   size, tgt, rawSize));

   if (!model->IsParent(column) || !place.fFile)
      return;
   if (const auto key = CacheKey(*place.fFile, place.fPos, model->Hash(), column))
      KeepContext(*key, std::make_shared<const std::vector<std::int16_t>>(model->Context(column, tgt, rows)));
}

std::vector<std::int16_t> ReadSession::Gather(TBranch &child, const ModelPtr &model, std::size_t parent,
                                              Long64_t first, std::size_t rows)
{
   const std::string name = model->Name(parent);
   TBranch *branch = FindColumnBranch(*child.GetTree(), name);
   if (!branch)
      throw Error(EStatus::kMissing, "it is coded with the help of branch " + name +
                                        ", which this tree does not have; copy that branch too, or write with mode "
                                        "single");
   if (ColumnType(*branch) != model->Type(parent))
      throw Error(EStatus::kIncompatible, "it is coded with the help of branch " + name +
                                             ", which has another type here than in the model");
   std::vector<std::int16_t> context;
   context.reserve(rows);
   while (context.size() < rows) {
      const Long64_t entry = first + static_cast<Long64_t>(context.size());
      const Int_t number = BasketWith(*branch, entry);
      const ContextPtr basket = BasketContext(*branch, number, model, parent);
      const std::size_t from = static_cast<std::size_t>(entry - EntriesOf(*branch, number).fFirst);
      const std::size_t n = std::min(basket->size() - from, rows - context.size());
      context.insert(context.end(), basket->begin() + from, basket->begin() + from + n);
   }
   return context;
}

ContextPtr ReadSession::BasketContext(TBranch &branch, Int_t number, const ModelPtr &model, std::size_t column)
{
   const auto id = std::make_tuple(&branch, number, model->Hash(), column);
   auto known = fContexts.find(id);
   if (known != fContexts.end())
      return known->second;
   const EntryRange range = EntriesOf(branch, number);
   const std::size_t rows = static_cast<std::size_t>(range.fEnd - range.fFirst);
   const Long64_t pos = branch.GetBasketSeek(number);
   TFile *file = branch.GetFile();
   const auto key = pos && file ? CacheKey(*file, pos, model->Hash(), column) : std::nullopt;
   ContextPtr context = key ? FindContext(*key) : nullptr;
   if (!context || context->size() != rows) {
      const auto inWork = std::make_pair(&branch, number);
      if (fInWork.size() >= kMaxDepth || !fInWork.insert(inWork).second)
         throw Error(EStatus::kCorrupt, BasketName(branch, number) + " needs itself; the file is damaged");
      const auto values = BasketValues(branch, number, rows * WidthOf(model->Type(column)));
      fInWork.erase(inWork);
      context = std::make_shared<const std::vector<std::int16_t>>(model->Context(column, values.data(), rows));
      if (key)
         KeepContext(*key, context);
   }
   fContexts.emplace(id, context);
   return context;
}

std::vector<std::uint8_t> ReadSession::BasketValues(TBranch &branch, Int_t number, std::size_t size)
{
   const Long64_t pos = branch.GetBasketSeek(number);
   TFile *file = branch.GetFile();
   if (pos && file) {
      try {
         return Unpack({&branch, file, pos}, ReadRecord(branch, *file, pos, branch.GetBasketBytes()[number]), size);
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
                                              std::size_t size)
{
   const auto header = ParseRecord(record.data(), record.size());
   if (!header || header->fObject != size)
      throw Error(EStatus::kCorrupt, "its header does not fit its entries; the file is damaged");
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
         R__unzip(&in, at, &out, values.data() + done, &written);
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
