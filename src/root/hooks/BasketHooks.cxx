#include "hooks/BasketHooks.h"

#include "basket/BasketRecord.h"
#include "codec/CopiedModels.h"
#include "hooks/RootSymbols.h"
#include "hooks/WhyNot.h"
#include "support/Message.h"
#include "tree/BasketContext.h"
#include "tree/BasketWriter.h"

#include <TBasket.h>
#include <TBranch.h>

#include <exception>

namespace RootBaler {
namespace Internal {

namespace {

thread_local ReadContext *gReadContext = nullptr;
thread_local WriteContext *gWriteContext = nullptr;
// The basket that this thread's TBranch::WriteBasketImpl works on, if we hold its branch still.
thread_local const TBasket *gHeldBasket = nullptr;
thread_local Int_t gHeldWhere = -1;

template <typename T>
class Restore { // sets a thread-local for the length of a call
public:
   Restore(T &variable, T value) : fVariable(variable), fOld(variable) { variable = value; }
   ~Restore() { fVariable = fOld; }

private:
   T &fVariable;
   T fOld;
};

} // namespace

ReadContext *CurrentRead()
{
   return gReadContext;
}

WriteContext *CurrentWrite()
{
   return gWriteContext;
}

Int_t HookReadBasketBuffers(TBasket *basket, Long64_t pos, Int_t len, TFile *file)
{
   ReadContext context{basket, pos, len, file};
   Restore<ReadContext *> restore(gReadContext, &context);
   return RootReadBasketBuffers(basket, pos, len, file);
}

Int_t HookWriteBuffer(TBasket *basket)
{
   WriteContext context{basket, basket == gHeldBasket ? gHeldWhere : -1};
   Restore<WriteContext *> restore(gWriteContext, &context);
   return RootWriteBuffer(basket);
}

Int_t HookWriteBasket(TBranch *branch, TBasket *basket, Int_t where, void *imtHelper)
{
   bool isHeld = false;
   try {
      isHeld = WhyNoWriting().empty() && BeginBasket(*branch, *basket, where);
   } catch (const std::exception &error) {
      ErrorOnce(error.what());
   }
   if (!isHeld)
      return RootWriteBasket(branch, basket, where, imtHelper);
   // No helper: while Fill() goes on, another thread must not look into baskets that are being filled.
   Restore<const TBasket *> restoreBasket(gHeldBasket, basket);
   Restore<Int_t> restoreWhere(gHeldWhere, where);
   const Int_t result = RootWriteBasket(branch, basket, where, nullptr);
   try {
      EndBasket(*branch);
   } catch (const std::exception &error) {
      ErrorOnce(error.what());
   }
   return result;
}

Long64_t HookCopyTo(TBasket *basket, TFile *to)
{
   try {
      CopyModelOf(*basket, to);
   } catch (const std::exception &error) {
      ErrorOnce(error.what());
   }
   return RootCopyTo(basket, to);
}

Int_t HookCacheUnzip(TTreeCacheUnzip *cache, char **dest, char *src)
{
   // Not even a thread that is inside of TBasket::ReadBasketBuffers says which basket this is: while it waits for its
   // own, it unzips others (TTreeCacheUnzip::GetUnzipBuffer). ROOT trusts the length, too, where we have none.
   const auto header = ParseRecord(src, gReadContext ? gReadContext->fLen : kMaxInt);
   if (!header)
      return -1;
   // What need not be known is unzipped here, all else is left to TBasket::ReadBasketBuffers, which reads it again.
   const auto block = FirstBlock(src, header->fBytes);
   if (block && (block->kind == RB_KIND_MODEL || block->needs_counts))
      return -1;
   ReadContext context{nullptr, 0, 0, nullptr};
   context.fHeader = &*header;
   Restore<ReadContext *> restore(gReadContext, &context);
   return RootCacheUnzip(cache, dest, src);
}

} // namespace Internal
} // namespace RootBaler
