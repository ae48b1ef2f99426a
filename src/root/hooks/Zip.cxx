#include "hooks/Zip.h"

#include "basket/BasketRecord.h"
#include "basket/BlockHeader.h"
#include "hooks/BasketHooks.h"
#include "hooks/WhyNot.h"
#include "support/Message.h"
#include "support/RootZip.h"
#include "tree/BasketContext.h"
#include "tree/BasketReader.h"
#include "tree/BasketWriter.h"
#include "RootBaler/Error.h"
#include "RootBaler/Setting.h"

#include <TBasket.h>

#include <algorithm>
#include <exception>

namespace RootBaler {
namespace Internal {

namespace {

// What the basket that this thread reads has left for the next block. None outside of baskets: no blocks of ours there.
struct Room {
   Long64_t fCompressed = 0;
   Long64_t fRaw = 0;
};

Room RoomOf(const ReadContext *context)
{
   Room room;
   if (!context)
      return room;
   if (const RecordHeader *header = context->fHeader) {
      room.fCompressed = header->fBytes - header->fKey;
      room.fRaw = header->fObject;
   } else {
      const TBasket &basket = *context->fBasket;
      room.fCompressed = std::min(basket.GetNbytes(), context->fLen) - basket.GetKeylen();
      room.fRaw = basket.GetObjlen();
   }
   room.fCompressed -= context->fConsumed;
   room.fRaw -= context->fProduced;
   return room;
}

constexpr int kSmall = 4096;

// How long a block of ours may be. Small baskets are all header and tables: zstd, which loses nothing, may need less.
int MostOfOurs(int level, int size, const char *src, int room)
{
   if (size > kSmall)
      return room;
   char zstd[kSmall];
   int zstdRoom = kSmall, length = 0;
   RootZip(level, &size, src, &zstdRoom, zstd, &length, ROOT::RCompressionSetting::EAlgorithm::kZSTD);
   return length > 0 ? std::min(room, length) : room;
}

} // namespace

void HookZip(int level, int *srcSize, const char *src, int *tgtSize, char *tgt, int *written,
             ROOT::RCompressionSetting::EAlgorithm::EValues algorithm)
{
   if (static_cast<int>(algorithm) != kAlgorithm) {
      RootZip(level, srcSize, src, tgtSize, tgt, written, algorithm);
      return;
   }
   level = std::min(level, 9);
   if (const WriteContext *context = CurrentWrite()) {
      try {
         if (!WhyNoWriting().empty())
            ErrorOnce("cannot write; zstd is used in its place: " + WhyNoWriting());
         else if (EncodeBasket(*context, level, src, *srcSize, tgt, MostOfOurs(level, *srcSize, src, *tgtSize),
                               *written))
            return;
      } catch (const std::exception &error) {
         ErrorOnce(std::string(error.what()) + "; stored without loss with zstd");
      }
   }
   // Readable without us: keys, objects, baskets of other kinds of branches.
   RootZip(level, srcSize, src, tgtSize, tgt, written, ROOT::RCompressionSetting::EAlgorithm::kZSTD);
}

int HookUnzipHeader(int *srcSize, const unsigned char *src, int *tgtSize)
{
   if (!IsOurBlock(src))
      return RootUnzipHeader(srcSize, src, tgtSize);
   const BlockSizes sizes = ReadBlockSizes(src);
   *srcSize = sizes.fCompressed;
   *tgtSize = sizes.fRaw;
   const ReadContext *context = CurrentRead();
   const Room room = RoomOf(context);
   // ROOT does not compare a block with the room it has.
   if (sizes.fCompressed <= room.fCompressed && sizes.fRaw <= room.fRaw)
      return 0;
   try {
      ReportUnreadable(context, "a block claims more bytes than there are; the file is damaged", EStatus::kCorrupt);
   } catch (const std::exception &) { // out of memory: ROOT reports the basket all the same
   }
   return 1;
}

void HookUnzip(int *srcSize, const unsigned char *src, int *tgtSize, unsigned char *tgt, int *written)
{
   ReadContext *context = CurrentRead();
   if (IsOurBlock(src)) {
      *written = 0;
      try {
         try {
            if (!context)
               throw Error(EStatus::kCorrupt, "only baskets have such blocks; the file is damaged");
            if (!WhyNoReading().empty())
               throw Error(EStatus::kIncompatible, WhyNoReading());
            DecodeBasket(*context, src, *srcSize, tgt, *tgtSize);
            *written = *tgtSize;
         } catch (const Error &error) {
            ReportUnreadable(context, error.what(), error.Status());
         } catch (const std::exception &error) {
            ReportUnreadable(context, error.what(), EStatus::kInternal);
         }
      } catch (const std::exception &) { // out of memory: ROOT reports the basket all the same
      }
   } else {
      RootUnzip(srcSize, src, tgtSize, tgt, written);
   }
   if (context) {
      context->fConsumed += *srcSize;
      context->fProduced += *written;
   }
}

} // namespace Internal
} // namespace RootBaler
