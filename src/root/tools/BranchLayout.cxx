#include "BranchLayout.h"

#include <TLeafB.h>
#include <TLeafD.h>
#include <TLeafF.h>
#include <TLeafG.h>
#include <TLeafI.h>
#include <TLeafL.h>
#include <TLeafO.h>
#include <TLeafS.h>
#include <TObjArray.h>

#include <algorithm>

namespace RootBaler {
namespace Internal {

namespace {

std::optional<RbType> TypeOf(const TLeaf &leaf)
{
   const TClass *cl = leaf.IsA();
   const bool isUnsigned = leaf.IsUnsigned();
   if (cl == TLeafF::Class())
      return RB_F32;
   if (cl == TLeafD::Class())
      return RB_F64;
   if (cl == TLeafB::Class())
      return isUnsigned ? RB_U8 : RB_I8;
   if (cl == TLeafO::Class())
      return RB_U8;
   if (cl == TLeafS::Class())
      return isUnsigned ? RB_U16 : RB_I16;
   if (cl == TLeafI::Class())
      return isUnsigned ? RB_U32 : RB_I32;
   if (cl == TLeafL::Class() || cl == TLeafG::Class())
      return isUnsigned ? RB_U64 : RB_I64;
   return {};
}

std::size_t WidthOfType(RbType type)
{
   switch (type) {
   case RB_I8:
   case RB_U8: return 1;
   case RB_I16:
   case RB_U16: return 2;
   case RB_F32:
   case RB_I32:
   case RB_U32: return 4;
   default: return 8;
   }
}

} // namespace

bool BranchLayout::HasFloats() const
{
   return std::any_of(fLeaves.begin(), fLeaves.end(), [](const LeafLayout &leaf) { return IsFloating(leaf.fType); });
}

const char *TypeName(RbType type)
{
   switch (type) {
   case RB_F32: return "Float_t";
   case RB_F64: return "Double_t";
   case RB_I8: return "Char_t";
   case RB_U8: return "UChar_t";
   case RB_I16: return "Short_t";
   case RB_U16: return "UShort_t";
   case RB_I32: return "Int_t";
   case RB_U32: return "UInt_t";
   case RB_I64: return "Long64_t";
   case RB_U64: return "ULong64_t";
   }
   return "unknown";
}

std::optional<BranchLayout> LayoutOf(TBranch &branch)
{
   // subclasses (TBranchElement and others) have leaves and baskets of other kinds
   if (branch.IsA() != TBranch::Class() || branch.GetListOfBranches()->GetEntriesFast() != 0)
      return {};
   const TObjArray &leaves = *branch.GetListOfLeaves();
   BranchLayout layout;
   for (TObject *object : leaves) {
      auto *leaf = static_cast<TLeaf *>(object);
      const auto type = leaf ? TypeOf(*leaf) : std::nullopt;
      if (!type || leaf->GetLenStatic() < 1)
         return {};
      if (TLeaf *counter = leaf->GetLeafCount()) {
         // several leaves with counters have no common rows
         if (leaves.GetEntriesFast() != 1 || !counter->GetBranch())
            return {};
         layout.fCounter = counter->GetBranch()->GetName();
      }
      const std::size_t width = WidthOfType(*type);
      const auto count = static_cast<std::size_t>(leaf->GetLenStatic());
      layout.fLeaves.push_back({*type, width, layout.fRowBytes, count});
      layout.fRowBytes += width * count;
   }
   if (layout.fLeaves.empty())
      return {};
   return layout;
}

} // namespace Internal
} // namespace RootBaler
