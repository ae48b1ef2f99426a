#include "codec/CodecLink.h"

#include "codec/BranchKind.h"
#include "codec/CodecState.h"
#include "codec/Model.h"
#include "codec/Models.h"
#include "support/OpenFile.h"

#include <TBranch.h>
#include <TList.h>

namespace RootBaler {
namespace Internal {

namespace {

bool HasColumn(const BranchNames &names, const Model &model, std::size_t column)
{
   const auto foreign = model.Foreign(column);
   TBranch *branch = names.Find(foreign ? foreign->fBranch : model.Name(column));
   return branch && BoundLayout(names, *branch) && ColumnType(*branch) == model.Type(column) &&
          IsJagged(*branch) == model.IsJagged();
}

// A network needs all its columns; without one each column is for itself.
bool Fits(const BranchNames &names, const Model &model)
{
   for (std::size_t i = 0; i < model.Columns(); ++i)
      if (HasColumn(names, model, i) != model.HasNetwork())
         return !model.HasNetwork();
   return model.HasNetwork();
}

// A name as a pattern that matches it alone: names of array members have brackets.
std::string Literally(const std::string &name)
{
   std::string pattern;
   for (const char c : name)
      pattern += c == '[' || c == '*' || c == '?' ? std::string("[") + c + "]" : std::string(1, c);
   return pattern;
}

// Arrays, collections, members of classes and the leaves of leaf lists are no columns of models; a model with such a
// name has their bound. (It may have those of other trees, too: `own` are the names of this one.)
void SetLeafBounds(const BranchNames &names, const std::set<std::string> &own, const Model &model, Codec &codec)
{
   for (std::size_t i = 0; i < model.Columns(); ++i)
      if (own.count(model.Name(i)) != 0 && !HasColumn(names, model, i) && model.Bound(i) != "lossless")
         codec.SetBound(Literally(model.Name(i)), model.Bound(i), model.Request(i));
}

// Throws where it could not be read: its promises are not known, which is not the same as none.
const Codec *ReadableCodec(TTree &tree)
{
   const Codec *codec = Codec::Of(&tree);
   if (codec && codec->WhyUnreadable())
      throw Error(*codec->WhyUnreadable());
   return codec;
}

} // namespace

bool IsCodec(const std::string &className)
{
   return className == Codec::Class()->GetName();
}

std::vector<ModelInfo> ModelsOf(TFile &file)
{
   std::vector<ModelInfo> models;
   for (TKey *key : CurrentKeys(file)) {
      const std::unique_ptr<Codec> codec(IsCodec(key->GetClassName()) ? key->ReadObject<Codec>() : nullptr);
      if (codec)
         for (const ModelPtr &model : codec->State().Models())
            models.push_back(InfoOf(*model));
   }
   return models;
}

void RemoveCodecs(TTree &tree)
{
   TList *info = tree.GetUserInfo();
   for (TObject *object = info->First(); object;) {
      TObject *next = info->After(object);
      if (IsCodec(object->ClassName())) {
         info->Remove(object);
         delete object;
      }
      object = next;
   }
}

void AttachCodec(TTree &tree, const TreePlan &plan, bool group, const std::set<ULong64_t> &bare)
{
   const BranchNames names(tree);
   const std::set<std::string> own = BoundNames(names);
   Codec codec;
   for (const std::string &path : plan.fModels) {
      const Codec file = Codec::FromModelFile(path);
      for (const ModelPtr &model : file.State().Models()) {
         if (Fits(names, *model))
            codec.AddModel(model->Bytes());
         if (!model->HasNetwork())
            SetLeafBounds(names, own, *model, codec);
      }
   }
   codec.SetMode(group ? Codec::kGroup : Codec::kSingle);
   codec.WithoutNetworks(bare).Attach(&tree);
}

void AttachCodecOf(TTree &from, TTree &tree, bool exact, const std::set<ULong64_t> &bare)
{
   const Codec *codec = ReadableCodec(from);
   if (!codec || exact) {
      Codec().Attach(&tree);
      return;
   }
   codec->ForBranches(BranchNames(tree).All()).WithoutNetworks(bare).Attach(&tree);
}

std::uint64_t ContextBytes(TTree &from, TTree &tree)
{
   const Codec *codec = Codec::Of(&tree);
   if (!codec || codec->GetMode() != Codec::kGroup)
      return 0;
   const BranchNames names(from);
   std::uint64_t values = 0;
   for (const ModelPtr &model : codec->State().Models())
      for (std::size_t i = 0; i < model->Columns(); ++i) {
         TBranch *branch = model->IsParent(i) ? names.Find(model->Name(i)) : nullptr;
         if (branch)
            values += InfoOf(names, *branch).fRows;
      }
   return values * sizeof(std::int64_t);
}

namespace {

bool HasOurSetting(TTree &tree)
{
   for (TObject *branch : *tree.GetListOfBranches())
      if (static_cast<TBranch *>(branch)->GetCompressionAlgorithm() == kAlgorithm)
         return true;
   return false;
}

// All codecs among the keys of a file in one: not all who write trees can write their UserInfo.
std::unique_ptr<Codec> UniteKeys(TFile &file)
{
   auto united = std::make_unique<Codec>();
   TList others;
   others.SetOwner();
   for (TKey *key : CurrentKeys(file))
      if (IsCodec(key->GetClassName()))
         if (auto *codec = key->ReadObject<Codec>())
            others.Add(codec);
   united->Merge(&others);
   if (const auto *first = static_cast<Codec *>(others.First()))
      united->SetMode(first->GetMode());
   return united;
}

} // namespace

TreeCodec::TreeCodec(TTree &tree) : fCodec(ReadableCodec(tree))
{
   TFile *file = tree.GetCurrentFile();
   if (!fCodec && file && HasOurSetting(tree)) {
      fOfKeys = UniteKeys(*file);
      fCodec = fOfKeys.get();
   }
   if (!fCodec)
      return;
   for (const ModelPtr &model : fCodec->State().Models())
      fModels.push_back(InfoOf(*model));
}

std::string TreeCodec::BoundOf(const std::string &branch) const
{
   return fCodec ? fCodec->GetBound(branch) : "lossless";
}

std::string TreeCodec::RequestOf(const std::string &branch) const
{
   return fCodec ? fCodec->GetRequest(branch) : "lossless";
}

} // namespace Internal
} // namespace RootBaler
