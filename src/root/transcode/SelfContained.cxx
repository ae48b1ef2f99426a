#include "transcode/SelfContained.h"

#include <TBranchElement.h>
#include <TClass.h>
#include <TCollection.h>
#include <TObject.h>
#include <TStreamerElement.h>
#include <TVirtualCollectionProxy.h>
#include <TVirtualStreamerInfo.h>

#include <set>
#include <string>

namespace RootBaler {
namespace Internal {

namespace {

using Info = TVirtualStreamerInfo;

bool IsPlain(TClass *type, std::set<TClass *> &known);

// The elements of a collection; they are streamed one behind the other, maps as pairs.
bool ArePlain(TVirtualCollectionProxy &proxy, std::set<TClass *> &known)
{
   return !proxy.HasPointers() && (!proxy.GetValueClass() || IsPlain(proxy.GetValueClass(), known));
}

bool IsPlain(TStreamerElement &element, std::set<TClass *> &known)
{
   Int_t type = element.GetType();
   if (type > Info::kOffsetL && type < Info::kOffsetP)
      type -= Info::kOffsetL; // an array
   else if (type > Info::kOffsetP && type < Info::kOffsetP + Info::kOffsetL)
      type -= Info::kOffsetP; // an array of basic types as long as another member says
   if ((type >= Info::kChar && type <= Info::kFloat16) || type == Info::kTString || type == Info::kTObject ||
       type == Info::kTNamed || type == Info::kSTLstring)
      return true;
   const bool isObject = type == Info::kBase || type == Info::kObject || type == Info::kAny || type == Info::kSTL;
   return isObject && IsPlain(element.GetClassPointer(), known);
}

bool IsPlain(TClass *type, std::set<TClass *> &known)
{
   if (!type)
      return false;
   if (!known.insert(type).second || type == TObject::Class() || type == TClass::GetClass("string"))
      return true;
   if (TVirtualCollectionProxy *proxy = type->GetCollectionProxy())
      return ArePlain(*proxy, known);
   if (type->InheritsFrom(TCollection::Class()) || type->HasCustomStreamerMember() || type->GetStreamer())
      return false;
   TVirtualStreamerInfo *info = type->GetStreamerInfo();
   TObjArray *elements = info ? info->GetElements() : nullptr;
   if (!elements || elements->GetEntriesFast() == 0)
      return false;
   for (TObject *element : *elements)
      if (!element || !IsPlain(*static_cast<TStreamerElement *>(element), known))
         return false;
   return true;
}

} // namespace

bool IsSelfContained(TBranch &branch)
{
   constexpr UInt_t kNoMap = BIT(22); // TBranch::kDoNotUseBufferMap, which is protected
   if (branch.IsA() == TBranch::Class() || branch.TestBit(kNoMap))
      return true;
   // ROOT says of whole objects that they may point, whatever is in them
   auto *element = branch.IsA() == TBranchElement::Class() ? static_cast<TBranchElement *>(&branch) : nullptr;
   std::set<TClass *> known;
   return element && element->GetType() == 0 && element->GetID() < 0 && element->GetClassVersion() >= 0 &&
          IsPlain(TClass::GetClass(element->GetClassName()), known);
}

} // namespace Internal
} // namespace RootBaler
