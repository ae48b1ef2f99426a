#include "basket/BasketCheck.h"

#include "basket/BasketRecord.h"
#include "RootBaler/Error.h"

#include <Bytes.h>
#include <TBranch.h>
#include <TFile.h>
#include <TTree.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

namespace {

/// Longer headers than this (names of many hundred characters) are not looked at.
constexpr Int_t kMostHeader = 1024;

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

// As TKey and TBasket write themselves (TBasket::Streamer): lengths, places, names, then what the basket holds. ROOT finds
// the entries of a branch without entry offsets by their length alone.
bool IsSound(const std::vector<char> &record, std::size_t length, bool hasOffsets)
{
   constexpr std::size_t kLengths = 18, kPlaces = 8, kBasket = 2 + 4 * 4 + 1;
   const auto header = ParseRecord(record.data(), length);
   if (!header || header->fBytes != length)
      return false;
   if (header->fKey > record.size())
      return header->fKey > static_cast<std::size_t>(kMostHeader);
   char *version = const_cast<char *>(record.data()) + 4;
   Version_t keyVersion;
   frombuf(version, &keyVersion);
   const char *at = record.data() + kLengths + (keyVersion > 1000 ? 2 : 1) * kPlaces;
   const char *end = record.data() + header->fKey;
   if (at > end || !TakeString(at, end, "TBasket") || !TakeString(at, end) || !TakeString(at, end) ||
       static_cast<std::size_t>(end - at) != kBasket)
      return false;
   char *from = const_cast<char *>(at) + 2;
   Int_t bufferSize, entrySize, entries, last;
   frombuf(from, &bufferSize);
   frombuf(from, &entrySize);
   frombuf(from, &entries);
   frombuf(from, &last);
   const auto whole = static_cast<Long64_t>(header->fKey + header->fObject);
   if (!hasOffsets && static_cast<Long64_t>(entries) * entrySize != last - static_cast<Long64_t>(header->fKey))
      return false;
   // a basket with a record of its own has its content behind the header, which the flag 0 says
   return bufferSize >= 0 && entrySize >= 0 && entries >= 0 && last >= static_cast<Long64_t>(header->fKey) &&
          last <= whole && *from == 0;
}

void CheckBranch(TBranch &branch)
{
   TFile *file = branch.GetFile();
   for (Int_t i = 0; file && i < branch.GetWriteBasket(); ++i) {
      const Long64_t place = branch.GetBasketSeek(i);
      const Int_t length = branch.GetBasketBytes()[i];
      if (place == 0)
         continue; // still in memory, or streamed with the tree
      std::vector<char> record(std::max(0, std::min(length, kMostHeader)));
      if (place < 0 || length <= 0 || place + length > file->GetSize() ||
          file->ReadBuffer(record.data(), place, static_cast<Int_t>(record.size())) ||
          !IsSound(record, static_cast<std::size_t>(length), branch.GetEntryOffsetLen() != 0))
         throw RootBaler::Error(EStatus::kCorrupt, "basket " + std::to_string(i) + " of branch '" + branch.GetName() +
                                                      "' of tree '" + branch.GetTree()->GetName() + "' in '" +
                                                      file->GetName() + "' is damaged: get an intact copy of the file");
   }
   for (TObject *child : *branch.GetListOfBranches())
      CheckBranch(*static_cast<TBranch *>(child));
}

} // namespace

void CheckBaskets(TTree &tree)
{
   for (TObject *branch : *tree.GetListOfBranches())
      CheckBranch(*static_cast<TBranch *>(branch));
}

} // namespace Internal
} // namespace RootBaler
