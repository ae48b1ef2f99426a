#include "RootBaler/Codec.h"

#include "basket/BasketLayout.h"
#include "support/Check.h"
#include "codec/CodecState.h"
#include "codec/CoreCodec.h"
#include "support/Message.h"
#include "codec/ModelRegistry.h"

#include <TCollection.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>

ClassImp(RootBaler::Codec);

namespace RootBaler {

namespace {

std::mutex &StateMutex()
{
   static auto *mutex = new std::mutex;
   return *mutex;
}

// Text that the core gives.
class Sink {
public:
   RbSink *Get() const { return fSink.get(); }
   std::string Text() const
   {
      std::size_t length = 0;
      const std::uint8_t *text = rb_sink_bytes(fSink.get(), &length);
      return text ? std::string(reinterpret_cast<const char *>(text), length) : std::string();
   }

private:
   const std::unique_ptr<RbSink, decltype(&rb_sink_free)> fSink{rb_sink_new(), rb_sink_free};
};

} // namespace

Codec::Codec() : TNamed("RootBalerCodec", "RootBaler models and bounds"), fCore(Internal::NewCodec(rb_codec_new)) {}

// State is not copied: what was written for one tree says nothing about another.
Codec::Codec(const Codec &other) : TNamed(other), fCore(Internal::CopyCodec(other.fCore.get())) {}

Codec &Codec::operator=(const Codec &other)
{
   if (this == &other)
      return *this;
   TNamed::operator=(other);
   fCore = Internal::CopyCodec(other.fCore.get());
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
   Internal::AddModelFile(*fCore, path);
   Changed();
}

void Codec::AddModel(const std::string &bytes)
{
   Internal::Check(rb_codec_add_model(fCore.get(), Internal::RegisterModel(bytes)->Get()));
   Changed();
}

std::size_t Codec::GetNModels() const
{
   return rb_codec_models(fCore.get());
}

std::string Codec::GetModel(std::size_t i) const
{
   return Internal::ModelOf(*fCore, i)->Bytes();
}

void Codec::SetBound(const std::string &pattern, const std::string &bound, const std::string &request)
{
   Internal::Check(
      rb_codec_set_bound(fCore.get(), pattern.c_str(), bound.c_str(), request.empty() ? nullptr : request.c_str()));
   Changed();
}

Codec::EMode Codec::GetMode() const
{
   return static_cast<EMode>(rb_codec_mode(fCore.get()));
}

void Codec::SetMode(EMode mode)
{
   Internal::Check(rb_codec_set_mode(fCore.get(), mode));
   Changed();
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
   const Sink bound;
   Internal::Check(rb_codec_bound_of(fCore.get(), name.c_str(), bound.Get(), nullptr));
   return bound.Text();
}

std::string Codec::GetRequest(const std::string &name) const
{
   const Sink request;
   Internal::Check(rb_codec_bound_of(fCore.get(), name.c_str(), nullptr, request.Get()));
   return request.Text();
}

void Codec::Unite(const Codec &other)
{
   Internal::Check(rb_codec_unite(fCore.get(), other.fCore.get()));
   FetchModels(nullptr);
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
   const std::size_t rules = rb_codec_rules(fCore.get());
   std::printf("RootBaler codec, mode %s, %zu model(s), %zu bound(s)\n", GetMode() == kSingle ? "single" : "group",
               GetNModels(), rules);
   for (const auto &model : State().Models()) {
      std::printf("  model %s, %zu bytes\n", Internal::HashText(model->Hash()).c_str(), model->Bytes().size());
      for (std::size_t i = 0; i < model->Columns(); ++i)
         if (!model->Foreign(i))
            std::printf("    %-32s %-8s %-24s %zu earlier branches\n", model->Name(i).c_str(),
                        Internal::NameOf(model->Type(i)), model->Bound(i).c_str(), model->Parents(i).size());
   }
   for (std::size_t i = 0; i < rules; ++i) {
      const char *pattern = nullptr, *bound = nullptr;
      if (rb_codec_rule(fCore.get(), i, &pattern, &bound, nullptr) == RB_OK)
         std::printf("  bound %-26s %s\n", pattern, bound);
   }
}

Codec Codec::With(RbCodec *core) const
{
   Codec codec;
   static_cast<TNamed &>(codec) = *this;
   codec.fCore.reset(core, rb_codec_free);
   return codec;
}

void Codec::Changed()
{
   std::lock_guard<std::mutex> lock(StateMutex());
   fState.reset();
}

Internal::CodecState &Codec::State() const
{
   {
      std::lock_guard<std::mutex> lock(StateMutex());
      if (fState)
         return *fState;
   }
   // Without the lock, as models take a while to be described.
   auto state = std::make_shared<Internal::CodecState>(Internal::CopyCodec(fCore.get()));
   std::lock_guard<std::mutex> lock(StateMutex());
   if (!fState)
      fState = state;
   return *fState;
}

} // namespace RootBaler
