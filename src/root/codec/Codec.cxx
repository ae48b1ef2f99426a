#include "RootBaler/Codec.h"

#include "basket/BasketLayout.h"
#include "support/Check.h"
#include "codec/CodecState.h"
#include "support/Message.h"
#include "codec/ModelFile.h"
#include "codec/ModelRegistry.h"

#include <TCollection.h>

#include <algorithm>
#include <cstdio>
#include <mutex>

ClassImp(RootBaler::Codec);

namespace RootBaler {

namespace {

std::mutex &StateMutex()
{
   static auto *mutex = new std::mutex;
   return *mutex;
}

} // namespace

Codec::Codec() : TNamed("RootBalerCodec", "RootBaler models and bounds") {}

// State is not copied: what was written for one tree says nothing about another.
Codec::Codec(const Codec &other)
   : TNamed(other),
     fModelBytes(other.fModelBytes),
     fModelSizes(other.fModelSizes),
     fBoundPatterns(other.fBoundPatterns),
     fBoundSpecs(other.fBoundSpecs),
     fBoundRequests(other.fBoundRequests),
     fMode(other.fMode),
     fModelHashes(other.fModelHashes)
{
}

Codec &Codec::operator=(const Codec &other)
{
   if (this == &other)
      return *this;
   TNamed::operator=(other);
   fModelBytes = other.fModelBytes;
   fModelSizes = other.fModelSizes;
   fBoundPatterns = other.fBoundPatterns;
   fBoundSpecs = other.fBoundSpecs;
   fBoundRequests = other.fBoundRequests;
   fMode = other.fMode;
   fModelHashes = other.fModelHashes;
   fState.reset();
   return *this;
}

Codec::~Codec() = default;

Codec Codec::FromModelFile(const std::string &path)
{
   Codec codec;
   codec.AddModelFile(path);
   return codec;
}

void Codec::AddModelFile(const std::string &path)
{
   const auto models = Internal::ReadModelFile(path);
   try {
      for (const std::string &bytes : models)
         AddModel(bytes);
   } catch (const RootBaler::Error &error) {
      throw RootBaler::Error(error.Status(), "model file " + path + ": " + error.what());
   }
}

void Codec::AddModel(const std::string &bytes)
{
   const ULong64_t hash = Internal::RegisterModel(bytes)->Hash();
   if (HasModel(hash))
      return;
   fModelBytes.insert(fModelBytes.end(), bytes.begin(), bytes.end());
   fModelSizes.push_back(static_cast<UInt_t>(bytes.size()));
   fState.reset();
}

std::string Codec::GetModel(std::size_t i) const
{
   std::size_t begin = 0;
   for (std::size_t k = 0; k < i && k < fModelSizes.size(); ++k)
      begin += fModelSizes[k];
   // The sizes may come from a damaged file.
   if (i >= fModelSizes.size() || begin > fModelBytes.size() || fModelSizes[i] > fModelBytes.size() - begin)
      throw RootBaler::Error(EStatus::kCorrupt, "the codec has no complete model " + std::to_string(i));
   return std::string(fModelBytes.begin() + begin, fModelBytes.begin() + begin + fModelSizes[i]);
}

std::vector<std::string> Codec::Models() const
{
   std::vector<std::string> models;
   for (std::size_t i = 0; i < fModelSizes.size(); ++i)
      models.push_back(GetModel(i));
   return models;
}

void Codec::SetBound(const std::string &pattern, const std::string &bound, const std::string &request)
{
   Internal::Check(rb_bound_check(bound.c_str()));
   RbColumn *column = nullptr; // refuses bounds that only a model can resolve
   Internal::Check(rb_column_new(RB_F64, bound.c_str(), &column));
   rb_column_free(column);
   fBoundRequests.resize(fBoundSpecs.size()); // it may come from a damaged file
   fBoundPatterns.push_back(pattern);
   fBoundSpecs.push_back(bound);
   fBoundRequests.push_back(request.empty() ? bound : request);
   fState.reset();
}

void Codec::SetMode(EMode mode)
{
   fMode = mode;
}

void Codec::SetMode(const std::string &mode)
{
   if (mode != "group" && mode != "single")
      throw RootBaler::Error(EStatus::kBadArgument, "mode \"" + mode + "\": use \"group\" or \"single\"");
   SetMode(mode == "group" ? kGroup : kSingle);
}

bool Codec::HasModel(ULong64_t hash) const
{
   const auto &models = State().Models();
   return std::any_of(models.begin(), models.end(), [&](const auto &model) { return model->Hash() == hash; });
}

std::string Codec::GetBound(const std::string &name) const
{
   const auto column = State().ColumnOf(name);
   return column ? column->first->Bound(column->second) : State().BoundOf(name);
}

std::string Codec::GetRequest(const std::string &name) const
{
   if (const auto column = State().ColumnOf(name))
      return column->first->Request(column->second);
   const auto rule = State().RuleOf(name);
   return rule && *rule < fBoundRequests.size() ? fBoundRequests[*rule] : State().BoundOf(name);
}

void Codec::Unite(const Codec &other)
{
   for (const std::string &model : other.Models())
      AddModel(model);
   const std::size_t bounds =
      std::min({other.fBoundPatterns.size(), other.fBoundSpecs.size(), other.fBoundRequests.size()});
   for (std::size_t i = 0; i < bounds; ++i) {
      // A pattern of ours keeps its bound.
      if (std::find(fBoundPatterns.begin(), fBoundPatterns.end(), other.fBoundPatterns[i]) != fBoundPatterns.end())
         continue;
      fBoundPatterns.insert(fBoundPatterns.begin(), other.fBoundPatterns[i]);
      fBoundSpecs.insert(fBoundSpecs.begin(), other.fBoundSpecs[i]);
      fBoundRequests.insert(fBoundRequests.begin(), other.fBoundRequests[i]);
   }
   fModelHashes.insert(fModelHashes.end(), other.fModelHashes.begin(), other.fModelHashes.end());
   FetchModels(nullptr);
   fState.reset();
}

Long64_t Codec::Merge(TCollection *others)
{
   if (!others)
      return GetNModels();
   for (TObject *other : *others) {
      auto *codec = dynamic_cast<Codec *>(other);
      try { // hadd calls this
         if (codec)
            Unite(*codec);
      } catch (const RootBaler::Error &error) {
         Internal::ErrorOnce(std::string("a codec cannot be merged: ") + error.what());
      }
   }
   return GetNModels();
}

void Codec::Print(Option_t *) const
{
   std::printf("RootBaler codec, mode %s, %zu model(s), %zu bound(s)\n", fMode == kSingle ? "single" : "group",
               GetNModels(), fBoundPatterns.size());
   for (const auto &model : State().Models()) {
      std::printf("  model %s, %zu bytes\n", Internal::HashText(model->Hash()).c_str(), model->Bytes().size());
      for (std::size_t i = 0; i < model->Columns(); ++i)
         if (!model->Foreign(i))
            std::printf("    %-32s %-8s %-24s %zu earlier branches\n", model->Name(i).c_str(),
                        Internal::NameOf(model->Type(i)), model->Bound(i).c_str(), model->Parents(i).size());
   }
   for (std::size_t i = 0; i < fBoundPatterns.size(); ++i)
      std::printf("  bound %-26s %s\n", fBoundPatterns[i].c_str(), fBoundSpecs[i].c_str());
}

Internal::CodecState &Codec::State() const
{
   {
      std::lock_guard<std::mutex> lock(StateMutex());
      if (fState)
         return *fState;
   }
   // Without the lock, as it may print messages.
   auto state = std::make_shared<Internal::CodecState>(*this, fBoundPatterns, fBoundSpecs);
   std::lock_guard<std::mutex> lock(StateMutex());
   if (!fState)
      fState = state;
   return *fState;
}

} // namespace RootBaler
