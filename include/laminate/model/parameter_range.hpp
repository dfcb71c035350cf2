// Where in the flat buffer of learned values a parameter lies.
#pragma once

namespace laminate {

/// A parameter's place in the flat buffer of learned values.
struct parameter_range {
  int first = 0;
  int size = 0;
  bool decays = false;  ///< weight decay applies
  int parameter = 0;    ///< index in parameters_of<Net>
};

}  // namespace laminate
