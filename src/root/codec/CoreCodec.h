// The core's handle of a codec.
#ifndef ROOTBALER_CORECODEC_H
#define ROOTBALER_CORECODEC_H

#include "codec/ModelRegistry.h"
#include "support/Check.h"

#include <cstdint>
#include <memory>
#include <string>

namespace RootBaler {
namespace Internal {

using CoreCodec = std::shared_ptr<RbCodec>;

/// What `make` puts into an RbCodec **. Throws Error.
template <typename Make>
CoreCodec NewCodec(Make make)
{
   RbCodec *codec = nullptr;
   Check(make(&codec));
   return CoreCodec(codec, rb_codec_free);
}

inline CoreCodec CopyCodec(const RbCodec *codec)
{
   return NewCodec([codec](RbCodec **out) { return rb_codec_copy(codec, out); });
}

/// Throws Error with the path.
inline void AddModelFile(RbCodec &codec, const std::string &path)
{
   const RbStatus status = rb_codec_add_file(&codec, path.c_str());
   Check(status, status == RB_IO ? "model file" : "model file " + path);
}

/// Model `i` of the codec. Throws Error.
inline ModelPtr ModelOf(const RbCodec &codec, std::size_t i)
{
   RbModel *model = nullptr;
   Check(rb_codec_model(&codec, i, &model));
   return RegisterModel(model);
}

} // namespace Internal
} // namespace RootBaler

#endif
