#include "tree/BasketReader.h"

#include "basket/BasketLayout.h"
#include "basket/BasketList.h"
#include "support/Check.h"
#include "support/Message.h"
#include "tree/BasketContext.h"
#include "tree/TreeContainer.h"
#include "tree/TreeSessions.h"
#include "RootBaler/Error.h"

#include <TBasket.h>
#include <TBranch.h>

namespace RootBaler {
namespace Internal {

void DecodeBasket(const ReadContext &context, const unsigned char *block, int size, unsigned char *tgt, int rawSize)
{
   const auto length = static_cast<std::size_t>(size), rawLength = static_cast<std::size_t>(rawSize);
   RbBlockInfo info{};
   Check(rb_block_info(block, length, &info));
   if (info.kind != RB_KIND_MODEL && !info.needs_counts) {
      Check(rb_decode(nullptr, nullptr, block, length, tgt, rawLength, nullptr, 0));
      return;
   }
   TBranch *branch = context.fBasket ? context.fBasket->GetBranch() : nullptr;
   TTree *tree = branch ? branch->GetTree() : nullptr;
   if (!tree)
      throw Error(EStatus::kMissing, "it is coded with other branches, but is not read as part of a tree");
   const Int_t number = BasketAt(*branch, context.fPos);
   Check(rb_session_decode(SessionOf(*tree).get(), ColumnOf(*branch), static_cast<std::uint64_t>(number), block, length,
                           tgt, rawLength));
}

void ReportUnreadable(const ReadContext *context, const std::string &why, EStatus status)
{
   if (!context) {
      ErrorOnce("a block that is not read as part of a tree: " + why, status);
      return;
   }
   if (!context->fBasket)
      return; // TTreeCacheUnzip::UnzipBuffer: it will be read again, by name
   ErrorOnce(Describe(*context->fBasket->GetBranch(), context->fFile) + ", basket at byte " +
                std::to_string(context->fPos) + ": " + why,
             status);
}

} // namespace Internal
} // namespace RootBaler
