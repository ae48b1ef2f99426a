#include "transcode/RecordCopy.h"

#include "basket/BasketRecord.h"
#include "basket/PlainRecord.h"
#include "support/RootZip.h"
#include "RootBaler/Error.h"

#include <Bytes.h>
#include <TDirectory.h>

#include <algorithm>
#include <cstring>

namespace RootBaler {
namespace Internal {

namespace {

constexpr int kZstdLevel = 5;
constexpr int kMostInBlock = 0xffffff;
constexpr Int_t kWorthCompressing = 256; // as TKey
constexpr int kPidShift = 48; // TKey keeps a number above the place of the directory

/// Room for a record, taken from the free segments of a file.
class Room : public TKey {
public:
   Room(TDirectory &dir, std::vector<char> record, const std::string &what) : TKey(&dir)
   {
      fKeylen = 0; // the record has its own header
      Create(static_cast<Int_t>(record.size()));
      if (fSeekKey <= 0 || !fBuffer)
         throw RootBaler::Error(EStatus::kIO,
                                "cannot write " + what + " to '" + dir.GetFile()->GetName() + "': is the disk full?");
      PutPlaces(record, what);
      std::memcpy(fBuffer, record.data(), record.size());
      if (WriteFile(0, dir.GetFile()) < 0)
         throw RootBaler::Error(EStatus::kIO,
                                "cannot write " + what + " to '" + dir.GetFile()->GetName() + "': is the disk full?");
      DeleteBuffer();
   }

private:
   void PutPlaces(std::vector<char> &record, const std::string &what) const
   {
      char *at = record.data() + kPlacesAt;
      if (HasLongPlaces(record)) {
         char *old = at + sizeof(Long64_t);
         Long64_t dir;
         frombuf(old, &dir);
         const Long64_t mask = (1LL << kPidShift) - 1;
         tobuf(at, fSeekKey);
         tobuf(at, (dir & ~mask) | (fSeekPdir & mask));
         return;
      }
      // Longer places would move the object within its record, and objects point into theirs.
      if (fSeekKey > kMaxInt || fSeekPdir > kMaxInt)
         throw RootBaler::Error(EStatus::kIncompatible,
                                what + " was written for a file below 2 GB and cannot be copied behind "
                                       "that: write the file anew with ROOT (hadd -f505) and take that");
      tobuf(at, static_cast<Int_t>(fSeekKey));
      tobuf(at, static_cast<Int_t>(fSeekPdir));
   }
};

/// The key of a copied record.
class CopiedKey : public TKey {
public:
   CopiedKey(TKey &key, TDirectory &to, Place place, UShort_t pidOffset) : TKey(&to)
   {
      fName = key.GetName();
      fTitle = static_cast<TNamed &>(key).TNamed::GetTitle();
      fClassName = key.GetClassName();
      fVersion = key.GetVersion();
      fNbytes = place.fBytes;
      fObjlen = key.GetObjlen();
      fKeylen = static_cast<Short_t>(key.GetKeylen());
      fSeekKey = place.fPos;
      fSeekPdir = to.GetFile() ? to.GetSeekDir() : 0;
      fPidOffset = pidOffset;
      fDatime = key.GetDatime();
      to.AppendKey(this); // the directory owns it
      fCycle = key.GetKeep() ? static_cast<Short_t>(-key.GetCycle()) : key.GetCycle();
   }
};

UShort_t PidOffset(const std::vector<char> &record)
{
   if (!HasLongPlaces(record))
      return 0;
   char *at = const_cast<char *>(record.data()) + kPlacesAt + sizeof(Long64_t);
   Long64_t dir;
   frombuf(at, &dir);
   return static_cast<UShort_t>(static_cast<ULong64_t>(dir) >> kPidShift);
}

} // namespace

std::vector<char> Smaller(std::vector<char> record)
{
   const auto header = ParseRecord(record.data(), record.size());
   if (!header || header->fObject <= static_cast<std::size_t>(kWorthCompressing))
      return record;
   const std::vector<char> plain = PlainRecord(record);
   if (plain.size() != header->fObject)
      return record;
   std::vector<char> smaller(record.begin(), record.begin() + header->fKey);
   for (std::size_t at = 0; at < plain.size(); at += kMostInBlock) {
      int in = static_cast<int>(std::min<std::size_t>(kMostInBlock, plain.size() - at)), room = in, written = 0;
      const std::size_t begin = smaller.size();
      smaller.resize(begin + static_cast<std::size_t>(room));
      RootZip(kZstdLevel, &in, plain.data() + at, &room, smaller.data() + begin, &written,
              ROOT::RCompressionSetting::EAlgorithm::kZSTD);
      if (written <= 0 || written >= in)
         return record;
      smaller.resize(begin + static_cast<std::size_t>(written));
   }
   if (smaller.size() >= record.size())
      return record;
   char *at = smaller.data();
   tobuf(at, static_cast<Int_t>(smaller.size()));
   return smaller;
}

Place WriteRecord(std::vector<char> record, TDirectory &to, const std::string &what)
{
   const auto bytes = static_cast<Int_t>(record.size());
   return {Room(to, std::move(record), what).GetSeekKey(), bytes};
}

void CopyKey(TKey &key, TFile &from, TDirectory &to)
{
   const std::string what = std::string("'") + key.GetName() + "' of class " + key.GetClassName();
   auto record = ReadWhole(from, key.GetSeekKey(), key.GetNbytes(), what);
   const UShort_t pidOffset = PidOffset(record);
   const Place place = WriteRecord(Smaller(std::move(record)), to, what);
   new CopiedKey(key, to, place, pidOffset);
}

} // namespace Internal
} // namespace RootBaler
