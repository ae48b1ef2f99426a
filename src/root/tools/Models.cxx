#include "Models.h"

#include "CoreCall.h"

#include <fstream>
#include <iterator>

namespace RootBaler {
namespace Internal {

ModelInfo InfoOf(const Model &model)
{
   ModelInfo info;
   info.fHash = HashText(model.Hash());
   info.fBytes = model.Bytes().size();
   for (std::size_t i = 0; i < model.Columns(); ++i) {
      ModelColumn column;
      column.fName = model.Name(i);
      column.fIsDouble = model.Type(i) == RB_F64;
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
   Internal::CheckCore(rb_bound_check(spec.c_str()), "bad bound");
}

ModelInfo DescribeModel(const std::string &path)
{
   std::ifstream file(path, std::ios::binary);
   const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
   if (!file)
      throw Error(EStatus::kIO, "cannot read the model '" + path + "'");
   try {
      return Internal::InfoOf(Internal::Model(bytes));
   } catch (const Error &error) {
      throw Error(error.Status(), "'" + path + "' is no good model: " + error.what());
   }
}

} // namespace RootBaler
