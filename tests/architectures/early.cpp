// An object with a constructor: its code would run before main, on a processor that may not have it.
#include <string>

std::string early(100, ' ');
