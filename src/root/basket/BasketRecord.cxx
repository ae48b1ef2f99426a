#include "basket/BasketRecord.h"

#include "basket/BlockHeader.h"
#include "RootBaler/Error.h"

#include <Bytes.h>
#include <TBranch.h>
#include <TFile.h>
#include <TFileCacheRead.h>
#include <TROOT.h>
#include <TTree.h>
#include <TTreeCache.h>
#include <TVirtualMutex.h>

#include <limits>
#include <string>

namespace RootBaler {
namespace Internal {

namespace {

constexpr std::size_t kLengths = 18; // lengths, version, date, length of the key, cycle

// A TString as ROOT writes it; moves `at` behind it. False if it is not `text` (if given) or does not fit.
bool TakeString(const char *&at, const char *end, const char *text = nullptr)
{
   if (end - at < 1)
      return false;
   std::size_t length = static_cast<unsigned char>(*at++);
   if (length == 255) {
      if (end - at < 4)
         return false;
      Int_t longer;
      char *from = const_cast<char *>(at); // frombuf() moves it
      frombuf(from, &longer);
      at += 4;
      if (longer < 0)
         return false;
      length = static_cast<std::size_t>(longer);
   }
   if (static_cast<std::size_t>(end - at) < length || (text && std::string(at, length) != text))
      return false;
   at += length;
   return true;
}

} // namespace

std::optional<RecordHeader> ParseRecord(const char *record, std::size_t length)
{
   if (length < kLengths)
      return {};
   char *at = const_cast<char *>(record); // frombuf() moves it
   Int_t bytes, object;
   Version_t version;
   UInt_t date;
   Short_t key;
   frombuf(at, &bytes);
   frombuf(at, &version);
   frombuf(at, &object);
   frombuf(at, &date);
   frombuf(at, &key);
   if (bytes <= 0 || object < 0 || key < static_cast<Short_t>(kLengths) || static_cast<std::size_t>(bytes) > length ||
       key > bytes)
      return {};
   return RecordHeader{static_cast<std::size_t>(bytes), static_cast<std::size_t>(key),
                       static_cast<std::size_t>(object)};
}

// As TKey and TBasket write themselves (TBasket::Streamer): lengths, places, names, then what the basket holds.
std::optional<BasketHeader> ParseBasket(const char *record, std::size_t there, std::size_t length)
{
   constexpr std::size_t kPlaces = 8, kBasket = 2 + 4 * 4 + 1;
   const auto lengths = ParseRecord(record, length);
   if (!lengths || lengths->fKey > there)
      return {};
   char *from = const_cast<char *>(record) + 4; // frombuf() moves it
   Version_t version;
   frombuf(from, &version);
   const char *at = record + kLengths + (version > 1000 ? 2 : 1) * kPlaces;
   const char *end = record + lengths->fKey;
   if (at > end || !TakeString(at, end, "TBasket") || !TakeString(at, end) || !TakeString(at, end) ||
       static_cast<std::size_t>(end - at) < kBasket)
      return {};
   BasketHeader header;
   static_cast<RecordHeader &>(header) = *lengths;
   from = const_cast<char *>(at) + 2;
   frombuf(from, &header.fBufferSize);
   frombuf(from, &header.fEntrySize);
   const bool hasFeatures = header.fEntrySize < 0; // then a byte of them follows
   if (hasFeatures) {
      if (header.fEntrySize == std::numeric_limits<Int_t>::min())
         return {};
      header.fEntrySize = -header.fEntrySize;
      ++from;
   }
   if (static_cast<std::size_t>(end - at) != kBasket + (hasFeatures ? 1 : 0))
      return {};
   frombuf(from, &header.fEntries);
   frombuf(from, &header.fLast);
   constexpr char kOffsetsAreMade = 80; // TBasket::Streamer
   header.fIsAlone = *from == 0 || *from == kOffsetsAreMade;
   return header;
}

std::vector<char> ReadRecord(TBranch &branch, TFile &file, Long64_t pos, Int_t length)
{
   // Another process may have written more since the file was opened (TTree::Refresh): then its size tells.
   if (!IsInside(pos, length, file.GetEND()) && !IsInside(pos, length, file.GetSize()))
      throw Error(EStatus::kCorrupt, "the tree gives it a place outside of the file; the file is damaged");
   std::vector<char> bytes(length);
   R__LOCKGUARD_IMT(gROOTMutex); // as TBasket::ReadBasketBuffers
   TFileCacheRead *cache = branch.GetTree()->GetReadCache(&file);
   Int_t state = cache ? cache->ReadBuffer(bytes.data(), pos, length) : 0;
   if (state == 0) {
      // Like ROOT: the default cache must not learn from reads that go past it.
      auto *learning = dynamic_cast<TTreeCache *>(file.GetCacheRead());
      if (learning)
         learning->Disable();
      state = file.ReadBuffer(bytes.data(), pos, length) ? -1 : 1;
      if (learning)
         learning->Enable();
   }
   if (state < 0)
      throw Error(EStatus::kIO, "reading it failed");
   return bytes;
}

const unsigned char *FirstBlockOf(const char *record, const RecordHeader &header)
{
   const std::size_t stored = header.fBytes - header.fKey;
   const bool isCompressed = stored < header.fObject && stored >= static_cast<std::size_t>(kBlockHeader);
   return isCompressed ? reinterpret_cast<const unsigned char *>(record + header.fKey) : nullptr;
}

std::optional<RbBlockInfo> FirstBlock(const char *record, std::size_t length)
{
   const auto header = ParseRecord(record, length);
   const unsigned char *block = header ? FirstBlockOf(record, *header) : nullptr;
   RbBlockInfo info{};
   if (!block || !IsOurBlock(block) || rb_block_info(block, header->fBytes - header->fKey, &info) != RB_OK)
      return {};
   return info;
}

} // namespace Internal
} // namespace RootBaler
