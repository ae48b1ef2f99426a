#include "tree/BasketWriter.h"

#include "basket/BasketLayout.h"
#include "support/Check.h"
#include "support/MergedLater.h"
#include "support/Message.h"
#include "tree/BasketContext.h"
#include "tree/SnapshotCodecs.h"
#include "tree/WrittenTree.h"
#include "RootBaler/Codec.h"

#include <TBasket.h>
#include <TBranch.h>
#include <TFile.h>
#include <TList.h>
#include <TTree.h>

#include <mutex>

namespace RootBaler {
namespace Internal {

namespace {

// The codec of a tree that is being written. A tree without one gets that of its Snapshot, or else an empty one, so
// that the file loads the plugin when it is read.
Codec &CodecForWriting(TTree &tree)
{
   static std::mutex mutex; // ROOT may flush the branches of a tree in parallel
   {
      std::lock_guard<std::mutex> lock(mutex);
      if (Codec *codec = Codec::Of(&tree))
         return *codec;
   }
   const auto ordered = SnapshotCodecOf(tree);
   std::lock_guard<std::mutex> lock(mutex);
   if (Codec *codec = Codec::Of(&tree))
      return *codec;
   auto *codec = ordered ? new Codec(*ordered) : new Codec;
   tree.GetUserInfo()->Add(codec);
   return *codec;
}

bool IsCircular(TTree &tree)
{
   if (!tree.TestBit(TTree::kCircular))
      return false;
   WarningOnce(std::string("tree ") + tree.GetName() +
               " is circular, so its entries move between baskets; it is stored without loss with zstd");
   return true;
}

// The core's failure, with the place of the branch.
void CheckFor(TBranch &branch, RbStatus status)
{
   if (status != RB_OK)
      Check(status, Describe(branch, branch.GetFile(1)));
}

// Whoever copies a compressed tree and fills it with values from elsewhere, as hadd -ff does with an ordinary file that
// comes second, did not ask for the bounds.
void SayThatValuesMove(Codec &codec, TBranch &branch)
{
   if (!codec.CameAlong() || !codec.State().SaysThatValuesMove())
      return;
   WarningOnce("values that are not from a compressed file are kept within the bounds that its codec brought along (" +
               Describe(branch, branch.GetFile(1)) +
               " and others): to keep them exact, merge with hadd -f505 in place of -ff, or give the tree "
               "other bounds by RootBaler::Codec::Attach()");
}

} // namespace

bool BeginBasket(TBranch &branch, TBasket &basket, Int_t where)
{
   TTree *tree = branch.GetTree();
   if (!tree || !IsOurs(branch) || !LayoutOf(branch) || IsCircular(*tree))
      return false;
   Codec &codec = CodecForWriting(*tree);
   TFile *file = branch.GetFile(1);
   if (file && file->IsWritable() && !IsMergedLater(*file))
      codec.State().EnsureKey(codec, *file);
   WrittenTree &written = codec.State().Writing<WrittenTree>();
   written.CheckModels(*tree, codec.State().Models());
   const auto column = written.ColumnOf(*tree, branch);
   if (!column)
      return false;
   const RbLive piece = TreeTable::LiveOf(branch, &basket, where);
   std::int32_t isTogether = 0;
   CheckFor(branch, rb_write_session_begin(written.Session(), *column, &piece, &isTogether));
   return isTogether != 0;
}

void EndBasket(TBranch &branch)
{
   WrittenTree &written = CodecForWriting(*branch.GetTree()).State().Writing<WrittenTree>();
   if (const auto column = written.ColumnOf(branch))
      Check(rb_write_session_end(written.Session(), *column));
}

bool EncodeBasket(const WriteContext &context, int level, const char *src, int size, char *tgt, int capacity,
                  int &written)
{
   TBasket &basket = *context.fBasket;
   TBranch &branch = *basket.GetBranch();
   TTree *tree = branch.GetTree();
   // Not where this is a piece of a basket: ROOT cuts them at 16 MB, also within a value.
   if (!tree || size <= 0 || size != basket.GetObjlen() || basket.GetNevBuf() <= 0 ||
       basket.GetLast() < basket.GetKeylen() || IsCircular(*tree))
      return false;
   Codec &codec = CodecForWriting(*tree);
   WrittenTree &table = codec.State().Writing<WrittenTree>();
   const auto column = table.ColumnOf(branch);
   if (!column)
      return false; // BeginBasket did not know it either
   RbSource source{};
   source.bytes = reinterpret_cast<const std::uint8_t *>(src);
   source.len = static_cast<std::size_t>(size);
   source.data_len = static_cast<std::size_t>(basket.GetLast() - basket.GetKeylen());
   source.entries = static_cast<std::size_t>(basket.GetNevBuf());
   source.first = context.fWhere < 0 ? RB_NONE : static_cast<std::uint64_t>(branch.GetBasketEntry()[context.fWhere]);
   RbEncoded encoded{};
   CheckFor(branch,
            rb_write_session_encode(table.Session(), *column, level, &source, reinterpret_cast<std::uint8_t *>(tgt),
                                    static_cast<std::size_t>(capacity), &encoded));
   written = static_cast<int>(encoded.len);
   if (encoded.moves != 0)
      SayThatValuesMove(codec, branch);
   return written > 0;
}

} // namespace Internal
} // namespace RootBaler
