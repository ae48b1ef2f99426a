#include "basket/PlainRecord.h"

#include "basket/BasketRecord.h"
#include "basket/BlockHeader.h"
#include "support/RootZip.h"
#include "RootBaler/Error.h"

#include <Bytes.h>

namespace RootBaler {
namespace Internal {

bool HasLongPlaces(const std::vector<char> &record)
{
   char *at = const_cast<char *>(record.data()) + 4; // frombuf() moves it
   Version_t version;
   frombuf(at, &version);
   return version > 1000;
}

std::vector<char> ReadWhole(TFile &file, Long64_t pos, Int_t length, const std::string &what)
{
   const auto fail = [&] {
      return Error(EStatus::kCorrupt, what + " in '" + file.GetName() + "' is damaged: get an intact copy of the file");
   };
   if (!IsInside(pos, length, file.GetSize()))
      throw fail();
   std::vector<char> record(static_cast<std::size_t>(length));
   if (file.ReadBuffer(record.data(), pos, length))
      throw Error(EStatus::kIO, "cannot read " + what + " in '" + file.GetName() + "'");
   const auto header = ParseRecord(record.data(), record.size());
   const std::size_t places = header ? (HasLongPlaces(record) ? 16 : 8) : 0;
   if (!header || header->fBytes != record.size() || header->fKey < kPlacesAt + places)
      throw fail();
   return record;
}

std::vector<char> PlainRecord(const std::vector<char> &record)
{
   const auto header = ParseRecord(record.data(), record.size());
   if (!header)
      return {};
   if (header->fObject <= header->fBytes - header->fKey)
      return {record.begin() + static_cast<std::ptrdiff_t>(header->fKey), record.end()};
   std::vector<char> plain(header->fObject);
   std::size_t from = header->fKey, to = 0;
   while (to < plain.size()) {
      if (record.size() - from < static_cast<std::size_t>(kBlockHeader))
         return {};
      auto *block = reinterpret_cast<const unsigned char *>(record.data() + from);
      const BlockSizes sizes = ReadBlockSizes(block);
      if (IsOurBlock(block) || sizes.fRaw <= 0 || static_cast<std::size_t>(sizes.fCompressed) > record.size() - from ||
          static_cast<std::size_t>(sizes.fRaw) > plain.size() - to)
         return {};
      int in = sizes.fCompressed, room = sizes.fRaw, written = 0;
      RootUnzip(&in, block, &room, reinterpret_cast<unsigned char *>(plain.data() + to), &written);
      if (written != sizes.fRaw)
         return {};
      from += static_cast<std::size_t>(sizes.fCompressed);
      to += static_cast<std::size_t>(sizes.fRaw);
   }
   return plain;
}

} // namespace Internal
} // namespace RootBaler
