#include "tree/TreeContainer.h"

#include "basket/BasketLayout.h"
#include "basket/BasketList.h"
#include "basket/BasketRecord.h"
#include "codec/ModelRegistry.h"
#include "support/RootZip.h"
#include "RootBaler/Codec.h"
#include "RootBaler/Error.h"

#include <TBasket.h>
#include <TBranch.h>
#include <TBufferFile.h>
#include <TFile.h>
#include <TTree.h>

#include <cstring>
#include <new>
#include <string>

namespace RootBaler {
namespace Internal {

namespace {

// Runs a callback; what it throws becomes a status and its text.
template <typename F>
std::uint32_t Answer(F &&callback)
{
   try {
      callback();
      return RB_OK;
   } catch (const Error &error) {
      return rb_fail(static_cast<std::uint32_t>(error.Status()), error.what());
   } catch (const std::exception &error) {
      return rb_fail(RB_INTERNAL, error.what());
   }
}

TTree &Tree(void *own)
{
   return *static_cast<TTree *>(own);
}

TBranch &Branch(std::uint64_t column)
{
   return *reinterpret_cast<TBranch *>(static_cast<std::uintptr_t>(column));
}

std::uint32_t Find(void *own, const char *name, std::uint64_t *column)
{
   return Answer([&] {
      if (const TBranch *branch = FindColumnBranch(Tree(own), name))
         *column = ColumnOf(*branch);
   });
}

std::uint32_t Describe(void *, std::uint64_t column, RbColumnInfo *info)
{
   return Answer([&] {
      TBranch &branch = Branch(column);
      *info = ColumnInfoOf(branch);
      if (const TBranch *counter = CounterOf(branch))
         info->counter = ColumnOf(*counter);
   });
}

RbPiece PieceOf(TBranch &branch, Int_t number)
{
   const EntryRange range = EntriesOf(branch, number);
   const Long64_t pos = branch.GetBasketSeek(number);
   TFile *file = pos > 0 ? branch.GetFile() : nullptr;
   // places in a file that is being written may be used again
   const bool isFixed = file && !file->IsWritable();
   return {static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(range.fFirst),
           static_cast<std::uint64_t>(range.fEnd), isFixed ? static_cast<std::uint64_t>(pos) : RB_NONE};
}

std::uint32_t Piece(void *, std::uint64_t column, std::uint64_t number, RbPiece *piece)
{
   return Answer([&] {
      if (number < static_cast<std::uint64_t>(Baskets(Branch(column))))
         *piece = PieceOf(Branch(column), static_cast<Int_t>(number));
   });
}

std::uint32_t PieceWith(void *, std::uint64_t column, std::uint64_t position, RbPiece *piece)
{
   return Answer([&] {
      const Int_t number = BasketWith(Branch(column), static_cast<Long64_t>(position));
      if (number >= 0)
         *piece = PieceOf(Branch(column), number);
   });
}

void Give(RbSink *sink, const char *bytes, std::size_t length)
{
   std::uint8_t *room = rb_sink_room(sink, length);
   if (!room)
      throw std::bad_alloc();
   std::memcpy(room, bytes, length);
}

std::uint32_t Stored(void *, std::uint64_t column, std::uint64_t number, RbSink *bytes, std::size_t *rawLength)
{
   return Answer([&] {
      TBranch &branch = Branch(column);
      const Int_t basketNumber = static_cast<Int_t>(number);
      const Long64_t pos = branch.GetBasketSeek(basketNumber);
      TFile *file = pos ? branch.GetFile() : nullptr;
      if (file) {
         const auto record = ReadRecord(branch, *file, pos, branch.GetBasketBytes()[basketNumber]);
         const auto header = ParseRecord(record.data(), record.size());
         if (!header)
            throw Error(EStatus::kCorrupt, "its header does not fit its entries; the file is damaged");
         *rawLength = header->fObject;
         Give(bytes, record.data() + header->fKey, header->fBytes - header->fKey);
         return;
      }
      // Not on file yet: the tree is being written, or was stored with its last baskets inside.
      TObjArray &baskets = *branch.GetListOfBaskets();
      auto *basket = basketNumber <= baskets.GetLast() ? static_cast<TBasket *>(baskets.UncheckedAt(basketNumber))
                                                       : nullptr;
      TBuffer *buffer = basket ? basket->GetBufferRef() : nullptr;
      if (!buffer || buffer->TestBit(TBufferFile::kNotDecompressed) || basket->GetKeylen() < 0 ||
          buffer->BufferSize() < basket->GetKeylen())
         throw Error(EStatus::kMissing, "it is neither in the file nor in memory");
      *rawLength = static_cast<std::size_t>(buffer->BufferSize() - basket->GetKeylen());
      Give(bytes, buffer->Buffer() + basket->GetKeylen(), *rawLength);
   });
}

std::uint32_t Unpack(void *, const std::uint8_t *block, std::size_t length, std::uint8_t *out, std::size_t outLength)
{
   return Answer([&] {
      int in = static_cast<int>(length), room = static_cast<int>(outLength), written = 0;
      RootUnzip(&in, block, &room, out, &written);
      if (written != room)
         throw Error(EStatus::kCorrupt, "ROOT cannot decompress it");
   });
}

std::uint32_t GiveModel(void *own, std::uint64_t hash, RbModelSink *sink)
{
   return Answer([&] {
      TFile *file = Tree(own).GetCurrentFile();
      const ModelPtr model = FindModel(hash, &Tree(own), file);
      const auto why = model ? nullptr : WhyNoModels(Tree(own), file);
      if (why)
         throw Error(why->Status(), std::string("its model is not there: ") + why->what());
      if (!model)
         throw Error(EStatus::kMissing, "its model is not there; copy the key " + Codec::KeyName(hash) +
                                           " from the file where the basket was written to the top of this file");
      rb_sink_model(sink, model->Get());
   });
}

std::uint32_t GiveModels(void *, RbModelSink *sink)
{
   return Answer([&] {
      for (const ModelPtr &model : KnownModels())
         rb_sink_model(sink, model->Get());
   });
}

} // namespace

RbContainer ContainerOf(TTree &tree)
{
   return {&tree, Find, Describe, Piece, PieceWith, Stored, Unpack, GiveModel, GiveModels};
}

} // namespace Internal
} // namespace RootBaler
