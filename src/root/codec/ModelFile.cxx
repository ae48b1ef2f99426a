#include "codec/ModelFile.h"

#include "RootBaler/Error.h"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>

namespace RootBaler {
namespace Internal {

namespace {

// Then for each model its length (8 bytes, little-endian) and its bytes.
const std::string kMagic = "RBGROUPS";
constexpr std::size_t kLengthBytes = 8;

std::uint64_t LengthAt(const std::string &bytes, std::size_t at)
{
   std::uint64_t length = 0;
   for (std::size_t i = kLengthBytes; i-- > 0;)
      length = length << 8 | static_cast<unsigned char>(bytes[at + i]);
   return length;
}

} // namespace

std::vector<std::string> ReadModelFile(const std::string &path)
{
   std::ifstream file(path, std::ios::binary);
   if (!file)
      throw Error(EStatus::kIO, "model file " + path + " cannot be opened (" + std::strerror(errno) + "); check the path");
   const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
   if (bytes.compare(0, kMagic.size(), kMagic) != 0)
      return {bytes};
   std::vector<std::string> models;
   for (std::size_t at = kMagic.size(); at < bytes.size();) {
      const std::size_t left = bytes.size() - at;
      const std::uint64_t length = left < kLengthBytes ? 0 : LengthAt(bytes, at);
      if (left < kLengthBytes || length > left - kLengthBytes)
         throw Error(EStatus::kCorrupt, "model file " + path + " is truncated: get an intact copy");
      models.push_back(bytes.substr(at + kLengthBytes, length));
      at += kLengthBytes + length;
   }
   return models;
}

void WriteModelFile(const std::vector<std::string> &models, const std::string &path)
{
   std::ofstream file(path, std::ios::binary | std::ios::trunc);
   if (models.size() != 1)
      file << kMagic;
   for (const std::string &model : models) {
      if (models.size() != 1)
         for (std::size_t i = 0; i < kLengthBytes; ++i)
            file.put(static_cast<char>(model.size() >> (8 * i)));
      file.write(model.data(), static_cast<std::streamsize>(model.size()));
   }
   file.close();
   if (!file)
      throw Error(EStatus::kIO, "cannot write the model file " + path + ": is the disk full?");
}

} // namespace Internal
} // namespace RootBaler
