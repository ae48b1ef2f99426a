#include "codec/CodecState.h"

#include "support/Check.h"
#include "support/FileId.h"
#include "RootBaler/Codec.h"

#include <TFile.h>

namespace RootBaler {
namespace Internal {

CodecState::CodecState(CoreCodec core) : fCore(std::move(core))
{
   for (std::size_t i = 0; i < rb_codec_models(fCore.get()); ++i)
      fModels.push_back(ModelOf(*fCore, i));
}

std::optional<std::pair<ModelPtr, std::size_t>> CodecState::ColumnOf(const std::string &branch) const
{
   std::size_t column = 0;
   const std::int64_t model = rb_codec_column(fCore.get(), branch.c_str(), &column);
   if (model < 0)
      return {};
   return std::make_pair(fModels[static_cast<std::size_t>(model)], column);
}

std::string CodecState::BoundOf(const std::string &branch, const std::string &leaf) const
{
   const std::int64_t rule = rb_codec_rule_of(fCore.get(), branch.c_str(), leaf.c_str());
   const char *bound = "lossless";
   if (rule >= 0)
      Check(rb_codec_rule(fCore.get(), static_cast<std::size_t>(rule), nullptr, &bound, nullptr));
   return bound;
}

std::string CodecState::RequestOf(const std::string &branch) const
{
   const std::int64_t rule = rb_codec_rule_of(fCore.get(), branch.c_str(), nullptr);
   const char *request = "lossless";
   if (rule >= 0)
      Check(rb_codec_rule(fCore.get(), static_cast<std::size_t>(rule), nullptr, nullptr, &request));
   return request;
}

std::uint64_t CodecState::Saved(const Model &model)
{
   std::lock_guard<std::mutex> lock(fMutex);
   return fWriting ? fWriting->Saved(model) : 0;
}

void CodecState::EnsureKey(const Codec &codec, TFile &file)
{
   {
      std::lock_guard<std::mutex> lock(fMutex);
      if (!fFiles.insert(FileId(file)).second)
         return;
   }
   codec.WriteKey(&file);
}

} // namespace Internal
} // namespace RootBaler
