#include "tree/BasketReader.h"

#include "basket/BasketLayout.h"
#include "support/Message.h"
#include "tree/BasketContext.h"
#include "tree/ReadSession.h"

#include <TBasket.h>

namespace RootBaler {
namespace Internal {

void DecodeBasket(const ReadContext &context, const unsigned char *block, int size, unsigned char *tgt, int rawSize)
{
   BlockPlace place;
   if (context.fBasket)
      place = {context.fBasket->GetBranch(), context.fFile, context.fPos};
   ReadSession().Decode(place, block, static_cast<std::size_t>(size), tgt, static_cast<std::size_t>(rawSize));
}

void ReportUnreadable(const ReadContext *context, const std::string &why)
{
   if (!context) {
      ErrorOnce("a block that is not read as part of a tree: " + why);
      return;
   }
   if (!context->fBasket)
      return; // TTreeCacheUnzip::UnzipBuffer: it will be read again, by name
   ErrorOnce(Describe(*context->fBasket->GetBranch(), context->fFile) + ", basket at byte " +
             std::to_string(context->fPos) + ": " + why);
}

} // namespace Internal
} // namespace RootBaler
