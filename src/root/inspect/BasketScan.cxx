#include "inspect/BasketScan.h"

#include "basket/BasketLayout.h"
#include "basket/BasketList.h"
#include "basket/BasketRecord.h"
#include "basket/BlockHeader.h"
#include "codec/Model.h"
#include "support/Check.h"

#include <algorithm>
#include <cstring>

namespace RootBaler {
namespace Internal {

namespace {

std::string RootAlgorithm(const unsigned char *magic)
{
   const struct {
      const char *fMagic;
      const char *fName;
   } kKnown[] = {{"ZS", "ZSTD"}, {"XZ", "LZMA"}, {"L4", "LZ4"}, {"ZL", "ZLIB"}, {"CS", "ZLIB"}};
   for (const auto &known : kKnown)
      if (std::memcmp(magic, known.fMagic, 2) == 0)
         return known.fName;
   return "unknown";
}

void DescribeBlock(const unsigned char *block, std::size_t size, BasketInfo &info)
{
   if (!IsOurBlock(block)) {
      info.fKind = RootAlgorithm(block);
      return;
   }
   RbBlockInfo head;
   Check(rb_block_info(block, size, &head), "a basket is damaged");
   switch (head.kind) {
   case RB_KIND_BYTES: info.fKind = "bytes"; break;
   case RB_KIND_COLUMN: info.fKind = "column"; break;
   case RB_KIND_MODEL: info.fKind = "model"; break;
   case RB_KIND_VECTORS: info.fKind = "vectors"; break;
   case RB_KIND_LISTS: info.fKind = "lists"; break;
   default: info.fKind = "unknown";
   }
   if (head.kind == RB_KIND_MODEL) {
      info.fModel = HashText(head.model_hash);
      info.fContextRows = info.fRows - std::min<std::uint64_t>(info.fRows, head.rows_without_context);
   }
}

} // namespace

std::vector<BasketInfo> ScanBaskets(TFile &file, TBranch &branch, ErrorTrap &trap)
{
   std::vector<BasketInfo> baskets;
   std::vector<char> bytes;
   const Int_t count = branch.GetWriteBasket();
   for (Int_t i = 0; i < count; ++i) {
      const EntryRange entries = EntriesInTable(branch, i);
      const Int_t size = branch.GetBasketBytes()[i];
      const Long64_t place = branch.GetBasketSeek(i);
      if (place == 0)
         continue; // streamed with the tree
      const std::string where = std::string("basket ") + std::to_string(i) + " of branch '" + branch.GetName() +
                                "' in '" + file.GetName() + "'";
      if (!IsInside(place, size, file.GetSize()) || entries.fFirst < 0 || entries.fEnd < entries.fFirst)
         throw Error(EStatus::kCorrupt, where + " is damaged: get an intact copy of the file");
      bytes.resize(static_cast<std::size_t>(size));
      if (file.ReadBuffer(bytes.data(), place, size) || trap.HasError())
         trap.Throw(EStatus::kCorrupt, where + " cannot be read: get an intact copy of the file");
      const auto header = ParseBasket(bytes.data(), bytes.size(), bytes.size());
      if (!header)
         throw Error(EStatus::kCorrupt, where + " is damaged: get an intact copy of the file");
      BasketInfo info;
      info.fFirstEntry = static_cast<std::uint64_t>(entries.fFirst);
      info.fEntries = static_cast<std::uint64_t>(entries.fEnd - entries.fFirst);
      info.fBytes = static_cast<std::uint64_t>(size);
      info.fRawBytes = header->fObject;
      if (const auto layout = LayoutOf(branch)) {
         const Long64_t values = header->fLast - static_cast<Long64_t>(header->fKey);
         const std::uint64_t rowBytes = layout->RowSize() * layout->fRowsPerEntry;
         info.fRows = values > 0 ? std::min<std::uint64_t>(values, info.fRawBytes) / rowBytes : 0;
      }
      if (const unsigned char *block = FirstBlockOf(bytes.data(), *header))
         DescribeBlock(block, header->fBytes - header->fKey, info);
      else
         info.fKind = "raw";
      baskets.push_back(std::move(info));
   }
   return baskets;
}

} // namespace Internal
} // namespace RootBaler
