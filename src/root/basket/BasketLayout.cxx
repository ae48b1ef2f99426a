#include "basket/BasketLayout.h"

#include "RootBaler/Setting.h"

#include <TBranch.h>
#include <TBranchElement.h>
#include <TClass.h>
#include <TClassEdit.h>
#include <TEnum.h>
#include <TFile.h>
#include <TLeafB.h>
#include <TLeafD.h>
#include <TLeafD32.h>
#include <TLeafF.h>
#include <TLeafF16.h>
#include <TLeafG.h>
#include <TLeafI.h>
#include <TLeafL.h>
#include <TLeafO.h>
#include <TLeafS.h>
#include <TROOT.h>
#include <TStreamerElement.h>
#include <TTree.h>
#include <TVirtualCollectionProxy.h>
#include <TVirtualStreamerInfo.h>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace RootBaler {
namespace Internal {

namespace {

// TBranchElement::GetType()
constexpr int kMember = 0, kClonesNode = 3, kSTLNode = 4, kMemberOfClones = 31, kMemberOfCollection = 41;

// Whether a counter says how many elements of the member an entry has.
bool IsCountedMember(const TBranchElement &branch)
{
   return branch.GetType() == kMemberOfClones || branch.GetType() == kMemberOfCollection;
}

TBranch *FindIn(TObjArray &branches, const char *name)
{
   for (Int_t i = 0; i <= branches.GetLast(); ++i) {
      auto *branch = static_cast<TBranch *>(branches.UncheckedAt(i));
      if (!branch)
         continue;
      if (std::strcmp(branch->GetName(), name) == 0 && ColumnType(*branch))
         return branch;
      if (TBranch *found = FindIn(*branch->GetListOfBranches(), name))
         return found;
   }
   return nullptr;
}

bool IsIn(TObjArray &branches, const TBranch *wanted)
{
   for (Int_t i = 0; i <= branches.GetLast(); ++i) {
      auto *branch = static_cast<TBranch *>(branches.UncheckedAt(i));
      if (branch && (branch == wanted || IsIn(*branch->GetListOfBranches(), wanted)))
         return true;
   }
   return false;
}

std::optional<RbType> PlainType(const TLeaf &leaf)
{
   const TClass *type = leaf.IsA();
   const bool isUnsigned = leaf.IsUnsigned();
   if (type == TLeafF::Class())
      return RB_F32;
   if (type == TLeafD::Class())
      return RB_F64;
   if (type == TLeafB::Class())
      return isUnsigned ? RB_U8 : RB_I8;
   if (type == TLeafO::Class())
      return RB_U8;
   if (type == TLeafS::Class())
      return isUnsigned ? RB_U16 : RB_I16;
   if (type == TLeafI::Class())
      return isUnsigned ? RB_U32 : RB_I32;
   if (type == TLeafL::Class() || type == TLeafG::Class())
      return isUnsigned ? RB_U64 : RB_I64;
   return {};
}

// A value of Float16_t or Double32_t in a basket: an integer if it has a range, else exponent and mantissa; or, without
// a number of bits either, Double32_t is a float (TBufferFile::WriteFloat16 and WriteDouble32).
std::vector<LeafLayout> PackedValue(const std::string &name, bool isFloat16, const TStreamerElement &element)
{
   if (element.GetFactor() != 0)
      return {{name, RB_U32, 1}};
   const bool hasBits = static_cast<Int_t>(element.GetXmin()) != 0; // where ROOT keeps their number
   if (isFloat16 || hasBits)
      return {{name, RB_U8, 1}, {name, RB_U16, 1}};
   return {{name, RB_F32, 1}};
}

// The same of a leaf, which has its range behind a slash in its title. Nothing for all other types.
std::vector<LeafLayout> PackedLeaf(const TLeaf &leaf)
{
   const bool isFloat16 = leaf.IsA() == TLeafF16::Class();
   if (!isFloat16 && leaf.IsA() != TLeafD32::Class())
      return {};
   const char *slash = std::strchr(leaf.GetTitle(), '/');
   const char *range = slash ? std::strchr(slash, '[') : nullptr;
   const TStreamerElement element(leaf.GetName(), range ? range : "", 0, 0, isFloat16 ? "Float16_t" : "Double32_t");
   return PackedValue(leaf.GetName(), isFloat16, element);
}

// Whether it is a Double32_t that is stored as a float.
bool IsFloat(const std::vector<LeafLayout> &packed)
{
   return packed.size() == 1 && packed[0].fType == RB_F32;
}

// How the values of a leaf are stored, if not packed.
std::optional<RbType> TypeOf(const TLeaf &leaf)
{
   const auto type = PlainType(leaf);
   return !type && IsFloat(PackedLeaf(leaf)) ? RB_F32 : type;
}

const TStreamerElement *ElementOf(TBranchElement &branch)
{
   TVirtualStreamerInfo *info = branch.GetID() >= 0 ? branch.GetInfo() : nullptr;
   TObjArray *elements = info ? info->GetElements() : nullptr;
   if (!elements || branch.GetID() > elements->GetLast())
      return nullptr;
   return dynamic_cast<TStreamerElement *>(elements->At(branch.GetID()));
}

// The basic types of class members, other than packed ones.
std::optional<RbType> MemberType(int type)
{
   switch (type) {
   case TVirtualStreamerInfo::kChar: return RB_I8;
   case TVirtualStreamerInfo::kUChar:
   case TVirtualStreamerInfo::kBool: return RB_U8;
   case TVirtualStreamerInfo::kShort: return RB_I16;
   case TVirtualStreamerInfo::kUShort: return RB_U16;
   case TVirtualStreamerInfo::kInt: return RB_I32;
   case TVirtualStreamerInfo::kUInt: return RB_U32;
   case TVirtualStreamerInfo::kLong:
   case TVirtualStreamerInfo::kLong64: return RB_I64;
   case TVirtualStreamerInfo::kULong:
   case TVirtualStreamerInfo::kULong64: return RB_U64;
   case TVirtualStreamerInfo::kFloat: return RB_F32;
   case TVirtualStreamerInfo::kDouble: return RB_F64;
   default: return {};
   }
}

// A class member: a value or a fixed-size array of them; nothing if their type is not basic.
std::vector<LeafLayout> MemberLeaves(TBranchElement &branch, int type, bool &isPacked)
{
   if (type > TVirtualStreamerInfo::kOffsetL && type < TVirtualStreamerInfo::kOffsetP) {
      auto leaves = MemberLeaves(branch, type - TVirtualStreamerInfo::kOffsetL, isPacked);
      const TStreamerElement *element = ElementOf(branch);
      if (leaves.size() != 1 || !element || element->GetArrayLength() <= 0)
         return {}; // exponents and mantissas alternate, so they are no leaves of a row
      leaves[0].fCount = static_cast<std::uint32_t>(element->GetArrayLength());
      return leaves;
   }
   const bool isFloat16 = type == TVirtualStreamerInfo::kFloat16;
   if (isFloat16 || type == TVirtualStreamerInfo::kDouble32) {
      const TStreamerElement *element = ElementOf(branch);
      auto packed = element ? PackedValue(branch.GetName(), isFloat16, *element) : std::vector<LeafLayout>();
      isPacked = !IsFloat(packed);
      return packed;
   }
   const auto basic = MemberType(type);
   return basic ? std::vector<LeafLayout>{{branch.GetName(), *basic, 1}} : std::vector<LeafLayout>();
}

TLeaf *OnlyLeaf(TBranch &branch)
{
   TObjArray &leaves = *branch.GetListOfLeaves();
   return leaves.GetEntriesFast() == 1 ? static_cast<TLeaf *>(leaves.UncheckedAt(0)) : nullptr;
}

// Whether the elements of a collection are what ROOT says: it takes those of a class that it does not know for enums.
bool AreKnown(const TClass &collection)
{
   std::vector<std::string> parts;
   int nested = 0;
   TClassEdit::GetSplit(collection.GetName(), parts, nested);
   const char *element = parts.size() > 1 ? parts[1].c_str() : "";
   return gROOT->GetType(element) || TEnum::GetEnum(element) || std::strcmp(element, "signed char") == 0;
}

// A collection whose elements ROOT stores one behind the other, with nothing between.
TVirtualCollectionProxy *PlainCollection(TClass *type)
{
   TVirtualCollectionProxy *proxy = type ? type->GetCollectionProxy() : nullptr;
   const bool isPlain = proxy && !proxy->HasPointers() &&
                        (proxy->GetCollectionType() == ROOT::kSTLvector ||
                         proxy->GetCollectionType() == ROOT::kROOTRVec);
   return isPlain && (proxy->GetValueClass() || AreKnown(*type)) ? proxy : nullptr;
}

// std::vector<float>, std::vector<std::vector<float>> and their like, where ROOT stores each entry as a whole.
std::optional<BasketLayout> LayoutOfCollection(TBranchElement &branch)
{
   if (branch.GetType() != kMember || branch.GetListOfBranches()->GetEntriesFast() != 0)
      return {};
   TVirtualCollectionProxy *proxy = PlainCollection(TClass::GetClass(branch.GetTypeName()));
   BasketLayout layout;
   layout.fStreamed = RB_STREAMED_VALUES;
   if (proxy && proxy->GetValueClass()) {
      proxy = PlainCollection(proxy->GetValueClass());
      layout.fStreamed = RB_STREAMED_LISTS;
   }
   if (!proxy || proxy->GetValueClass())
      return {};
   layout.fLeaves = MemberLeaves(branch, proxy->GetType(), layout.fIsPacked);
   if (layout.fLeaves.size() != 1)
      return {};
   layout.fIsVariable = true;
   return layout;
}

// The branch above the members of a split TClonesArray or collection: it holds the number of elements.
bool IsMaster(TBranch &branch)
{
   if (branch.IsA() != TBranchElement::Class())
      return false;
   const int kind = static_cast<TBranchElement &>(branch).GetType();
   return kind == kClonesNode || kind == kSTLNode;
}

std::optional<BasketLayout> LayoutOfMember(TBranchElement &branch)
{
   if (const auto layout = LayoutOfCollection(branch))
      return layout;
   if (IsMaster(branch)) {
      BasketLayout layout;
      layout.fLeaves.push_back({branch.GetName(), RB_I32, 1});
      return layout;
   }
   if (branch.GetID() < 0 || (branch.GetType() != kMember && !IsCountedMember(branch)))
      return {};
   BasketLayout layout;
   layout.fIsVariable = IsCountedMember(branch);
   layout.fLeaves = MemberLeaves(branch, branch.GetStreamerType(), layout.fIsPacked);
   if (layout.fLeaves.empty())
      return {};
   return layout;
}

} // namespace

bool IsOurs(const TBranch &branch)
{
   return branch.GetCompressionAlgorithm() == kAlgorithm && branch.GetCompressionLevel() != 0;
}

std::size_t BasketLayout::RowSize() const
{
   std::size_t size = 0;
   for (const LeafLayout &leaf : fLeaves)
      size += leaf.fCount * WidthOf(leaf.fType);
   return size;
}

std::optional<BasketLayout> LayoutOf(TBranch &branch)
{
   if (branch.IsA() == TBranchElement::Class())
      return LayoutOfMember(static_cast<TBranchElement &>(branch));
   if (branch.IsA() != TBranch::Class())
      return {};
   BasketLayout layout;
   TObjArray &leaves = *branch.GetListOfLeaves();
   for (Int_t i = 0; i < leaves.GetEntriesFast(); ++i) {
      auto *leaf = static_cast<TLeaf *>(leaves.UncheckedAt(i));
      if (!leaf || leaf->GetLenStatic() <= 0)
         return {};
      if (leaf->GetLeafCount()) {
         if (leaves.GetEntriesFast() != 1)
            return {}; // entries of different length with leaves of different types
         layout.fIsVariable = true;
      }
      const auto count = layout.fIsVariable ? 1u : static_cast<std::uint32_t>(leaf->GetLenStatic());
      if (const auto type = TypeOf(*leaf)) {
         layout.fLeaves.push_back({leaf->GetName(), *type, count});
         continue;
      }
      auto packed = PackedLeaf(*leaf);
      if (packed.empty() || (count > 1 && leaves.GetEntriesFast() != 1))
         return {}; // exponents and mantissas alternate, so such an array is no leaf of a row
      layout.fIsPacked = true;
      layout.fRowsPerEntry = count;
      std::move(packed.begin(), packed.end(), std::back_inserter(layout.fLeaves));
   }
   if (layout.fLeaves.empty())
      return {};
   return layout;
}

namespace {

// A member of a split class or, with a counter, of a split collection.
std::optional<RbType> MemberColumnType(TBranchElement &branch)
{
   const bool isCounted = IsCountedMember(branch);
   if (branch.GetID() < 0 || (branch.GetType() != kMember && !isCounted) || IsJagged(branch) != isCounted ||
       branch.GetListOfBranches()->GetEntriesFast() != 0)
      return {};
   bool isPacked = false;
   const auto leaves = MemberLeaves(branch, branch.GetStreamerType(), isPacked);
   return leaves.size() == 1 && leaves[0].fCount == 1 && !isPacked ? std::optional(leaves[0].fType) : std::nullopt;
}

} // namespace

std::optional<RbType> ColumnType(TBranch &branch)
{
   if (branch.IsA() == TBranchElement::Class())
      return MemberColumnType(static_cast<TBranchElement &>(branch));
   // Other subclasses have leaves and baskets of other kinds.
   TLeaf *leaf = branch.IsA() == TBranch::Class() ? OnlyLeaf(branch) : nullptr;
   if (!leaf || (leaf->GetLenStatic() != 1 && !leaf->GetLeafCount()))
      return {};
   return TypeOf(*leaf);
}

bool IsJagged(TBranch &branch)
{
   TLeaf *leaf = OnlyLeaf(branch);
   return leaf && leaf->GetLeafCount();
}

TBranch *CountingBranch(TBranch &branch)
{
   TLeaf *leaf = OnlyLeaf(branch);
   TLeaf *count = leaf ? leaf->GetLeafCount() : nullptr;
   return count ? count->GetBranch() : nullptr;
}

TBranch *CounterOf(TBranch &branch)
{
   TBranch *counter = CountingBranch(branch);
   if (!counter || !branch.GetTree() || !IsIn(*branch.GetTree()->GetListOfBranches(), counter))
      return nullptr;
   return CounterType(*counter) ? counter : nullptr;
}

std::optional<RbType> CounterType(TBranch &branch)
{
   if (IsMaster(branch))
      return RB_I32;
   const auto type = ColumnType(branch);
   return type && *type != RB_F32 && *type != RB_F64 && !IsJagged(branch) ? type : std::nullopt;
}

bool MakesOffsets(const TBranch &branch)
{
   return branch.GetIOFeatures().Test(ROOT::Experimental::EIOFeatures::kGenerateOffsetMap);
}

std::uint32_t ElementsPerCount(TBranch &branch)
{
   TLeaf *leaf = OnlyLeaf(branch);
   return leaf && leaf->GetLenStatic() > 0 ? static_cast<std::uint32_t>(leaf->GetLenStatic()) : 1;
}

RbColumnInfo ColumnInfoOf(TBranch &branch)
{
   const auto value = ColumnType(branch), count = CounterType(branch);
   RbColumnInfo info{};
   info.name = branch.GetName();
   info.value = value ? *value : 0;
   info.count = count ? *count : 0;
   info.jagged = IsJagged(branch);
   info.per_count = ElementsPerCount(branch);
   info.counter = RB_NONE;
   return info;
}

std::size_t WidthOf(RbType type)
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

const char *NameOf(RbType type)
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
   default: return "ULong64_t";
   }
}

TBranch *FindColumnBranch(TTree &tree, const std::string &name)
{
   // Not TTree::GetBranch: it looks into friends and takes a lock bit that is not for several threads.
   return FindIn(*tree.GetListOfBranches(), name.c_str());
}

std::string Describe(TBranch &branch, TFile *file)
{
   TTree *tree = branch.GetTree();
   return std::string("file ") + (file ? file->GetName() : "(none)") + ", tree " + (tree ? tree->GetName() : "(none)") +
          ", branch " + branch.GetName();
}

} // namespace Internal
} // namespace RootBaler
