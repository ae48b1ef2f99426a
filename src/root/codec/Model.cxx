#include "codec/Model.h"

#include <cstdio>

namespace RootBaler {
namespace Internal {

Model::Model(RbModel *model) : fModel(model)
{
   fIsParent.assign(Columns(), false);
   for (std::size_t column = 0; column < Columns(); ++column)
      for (std::uint32_t parent : Parents(column))
         fIsParent[parent] = true;
   for (std::size_t column = 0; column < Columns(); ++column)
      if (const auto foreign = Foreign(column))
         fIsParent[foreign->fIndex] = true;
}

Model::~Model()
{
   rb_model_free(fModel);
}

std::string Model::Bytes() const
{
   std::size_t len = 0;
   const std::uint8_t *bytes = rb_model_bytes(fModel, &len);
   return std::string(reinterpret_cast<const char *>(bytes), len);
}

std::vector<std::uint32_t> Model::Parents(std::size_t column) const
{
   std::size_t n = 0;
   const std::uint32_t *parents = rb_model_parents(fModel, column, &n);
   return n ? std::vector<std::uint32_t>(parents, parents + n) : std::vector<std::uint32_t>();
}

std::optional<Model::ForeignSource> Model::Foreign(std::size_t column) const
{
   std::uint32_t index = 0;
   const char *branch = rb_model_foreign(fModel, column, &index);
   if (!branch)
      return {};
   return ForeignSource{branch, index};
}

std::string HashText(std::uint64_t hash)
{
   char text[17];
   std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
   return text;
}

} // namespace Internal
} // namespace RootBaler
