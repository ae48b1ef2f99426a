#include "Models.h"

#include <cinttypes>
#include <cstdio>

namespace RootBaler {
namespace Internal {

std::string HashText(std::uint64_t hash)
{
   char text[17];
   std::snprintf(text, sizeof text, "%016" PRIx64, hash);
   return text;
}

ModelInfo InfoOf(const RbModel &model)
{
   ModelInfo info;
   info.fHash = HashText(rb_model_hash(&model));
   std::size_t size = 0;
   rb_model_bytes(&model, &size);
   info.fBytes = size;
   for (std::size_t i = 0; i < rb_model_columns(&model); ++i) {
      ModelColumn column;
      column.fName = rb_model_column_name(&model, i);
      column.fIsDouble = rb_model_column_type(&model, i) == RB_F64;
      column.fBound = rb_model_column_bound(&model, i);
      column.fRequest = rb_model_column_request(&model, i);
      std::size_t count = 0;
      const std::uint32_t *parents = rb_model_parents(&model, i, &count);
      for (std::size_t k = 0; k < count; ++k)
         column.fParents.push_back(rb_model_column_name(&model, parents[k]));
      info.fColumns.push_back(std::move(column));
   }
   return info;
}

} // namespace Internal

void CheckBound(const std::string &spec)
{
   Internal::CheckCore(rb_bound_check(spec.c_str()), "bound '" + spec + "'");
}

ModelInfo DescribeModel(const std::string &path)
{
   return Internal::InfoOf(*Internal::LoadModel(path));
}

} // namespace RootBaler
