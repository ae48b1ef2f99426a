#include "basket/BasketScan.h"

#include "basket/BasketLayout.h"
#include "support/CoreCall.h"
#include "codec/Model.h"

#include <algorithm>
#include <cstring>

namespace RootBaler {
namespace Internal {

namespace {

// Offsets in a key as ROOT writes it, all numbers big-endian.
constexpr std::size_t kObjLenAt = 6;
constexpr std::size_t kKeyLenAt = 14;
constexpr std::size_t kKeyHeadBytes = 16;
constexpr std::size_t kBlockHeadBytes = 9;

// A basket's key ends with the length of key and values together, and a flag.
constexpr std::size_t kLastFromEnd = 5;

std::uint64_t BigEndian(const std::vector<char> &bytes, std::size_t at, std::size_t count)
{
   std::uint64_t value = 0;
   for (std::size_t i = 0; i < count; ++i)
      value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
   return value;
}

std::string RootAlgorithm(const char *magic)
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

void DescribeBlock(const char *block, std::size_t size, BasketInfo &info)
{
   if (std::memcmp(block, "RB", 2) != 0) {
      info.fKind = RootAlgorithm(block);
      return;
   }
   RbBlockInfo head;
   CheckCore(rb_block_info(reinterpret_cast<const std::uint8_t *>(block), size, &head), "a basket is damaged");
   switch (head.kind) {
   case RB_KIND_BYTES: info.fKind = "bytes"; break;
   case RB_KIND_COLUMN: info.fKind = "column"; break;
   case RB_KIND_MODEL: info.fKind = "model"; break;
   case RB_KIND_VECTORS: info.fKind = "vectors"; break;
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
      const Long64_t first = branch.GetBasketEntry()[i];
      const Long64_t end = i + 1 < count ? branch.GetBasketEntry()[i + 1] : branch.GetEntries();
      const Int_t size = branch.GetBasketBytes()[i];
      const std::string where = std::string("basket ") + std::to_string(i) + " of branch '" + branch.GetName() +
                                "' in '" + file.GetName() + "'";
      if (size < static_cast<Int_t>(kKeyHeadBytes) || size > file.GetSize() || first < 0 || end < first)
         throw Error(EStatus::kCorrupt, where + " is damaged: get an intact copy of the file");
      bytes.resize(static_cast<std::size_t>(size));
      if (file.ReadBuffer(bytes.data(), branch.GetBasketSeek(i), size) || trap.HasError())
         trap.Throw(EStatus::kCorrupt, where + " cannot be read: get an intact copy of the file");
      const std::size_t keyLen = BigEndian(bytes, kKeyLenAt, 2);
      BasketInfo info;
      info.fFirstEntry = static_cast<std::uint64_t>(first);
      info.fEntries = static_cast<std::uint64_t>(end - first);
      info.fBytes = static_cast<std::uint64_t>(size);
      info.fRawBytes = BigEndian(bytes, kObjLenAt, 4);
      if (keyLen > bytes.size())
         throw Error(EStatus::kCorrupt, where + " is damaged: get an intact copy of the file");
      if (const auto layout = keyLen >= kKeyHeadBytes + kLastFromEnd ? LayoutOf(branch) : std::nullopt) {
         const std::uint64_t last = BigEndian(bytes, keyLen - kLastFromEnd, 4);
         const std::uint64_t rowBytes = layout->RowSize() * layout->fRowsPerEntry;
         info.fRows = last > keyLen ? std::min(last - keyLen, info.fRawBytes) / rowBytes : 0;
      }
      const std::size_t stored = bytes.size() - keyLen;
      if (stored >= info.fRawBytes || stored < kBlockHeadBytes)
         info.fKind = "raw";
      else
         DescribeBlock(bytes.data() + keyLen, stored, info);
      baskets.push_back(std::move(info));
   }
   return baskets;
}

} // namespace Internal
} // namespace RootBaler
