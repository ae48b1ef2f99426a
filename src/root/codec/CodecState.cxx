#include "codec/CodecState.h"

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
