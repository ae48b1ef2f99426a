// ROOT's root.exe, to be compiled for a sanitizer that has to be in a program from its start, and in no shell that this
// starts.
#include <TRint.h>

int main(int argc, char **argv)
{
   TRint("root", &argc, argv).Run();
}
