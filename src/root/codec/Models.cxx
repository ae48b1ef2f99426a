#include "codec/Models.h"

#include "basket/BasketLayout.h"
#include "codec/CoreCodec.h"
#include "support/Check.h"

#include <fstream>

namespace RootBaler {
namespace Internal {

ModelInfo InfoOf(const Model &model)
{
   ModelInfo info;
   info.fHash = HashText(model.Hash());
   info.fBytes = model.Bytes().size();
   info.fIsJagged = model.IsJagged();
   info.fHasNetwork = model.HasNetwork();
   for (std::size_t i = 0; i < model.Columns(); ++i) {
      if (model.Foreign(i))
         continue; // it has no bound of its own, and nothing is stored of it
      ColumnInfo column;
      column.fName = model.Name(i);
      column.fType = NameOf(model.Type(i));
      column.fBound = model.Bound(i);
      column.fRequest = rb_model_column_request(model.Get(), i);
      for (const std::uint32_t parent : model.Parents(i))
         column.fParents.push_back(model.Name(parent));
      info.fColumns.push_back(std::move(column));
   }
   return info;
}

} // namespace Internal

void CheckBound(const std::string &spec)
{
   Internal::Check(rb_bound_check(spec.c_str()), "bad bound");
}

std::vector<ModelInfo> DescribeModels(const std::string &path)
{
   const auto codec = Internal::NewCodec(rb_codec_new);
   Internal::AddModelFile(*codec, path);
   std::vector<ModelInfo> infos;
   for (std::size_t i = 0; i < rb_codec_models(codec.get()); ++i)
      infos.push_back(Internal::InfoOf(*Internal::ModelOf(*codec, i)));
   return infos;
}

void JoinModels(const std::vector<std::string> &paths, const std::string &out)
{
   const auto codec = Internal::NewCodec(rb_codec_new);
   for (const std::string &path : paths)
      Internal::AddModelFile(*codec, path);
   std::size_t size = 0;
   const std::uint8_t *bytes = rb_codec_bytes(codec.get(), RB_CODEC_MODELS, &size);
   std::ofstream file(out, std::ios::binary | std::ios::trunc);
   file.write(reinterpret_cast<const char *>(bytes), static_cast<std::streamsize>(size));
   file.close();
   if (!file)
      throw Error(EStatus::kIO, "cannot write the model file " + out + ": is the disk full?");
}

} // namespace RootBaler
