// Classes of the plugin that ROOT can stream or call from macros.
#ifdef __CLING__
#pragma link off all globals;
#pragma link off all classes;
#pragma link off all functions;
#pragma link C++ nestedclasses;
#pragma link C++ nestedtypedefs;

#pragma link C++ namespace RootBaler;
#pragma link C++ class RootBaler::Codec+;
#pragma link C++ enum RootBaler::Codec::EMode;
#pragma link C++ class RootBaler::Error;
#pragma link C++ enum RootBaler::EStatus;
#pragma link C++ function RootBaler::Setting(int);
#endif
