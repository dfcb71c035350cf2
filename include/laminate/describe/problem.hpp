// Everything a person can get wrong in a declaration. The name of an enumerator is the error message.
#pragma once

namespace laminate {

enum class problem : unsigned char {
  none,
  a_Model_wants_a_Network,
  the_network_has_no_input,
  the_input_must_come_first_and_only_once,
  the_network_has_no_layer,
  this_is_not_a_layer,
  this_is_not_an_option_of_the_layer,
  an_option_is_given_twice,
  a_size_must_be_at_least_one,
  padding_must_not_be_negative,
  a_probability_must_be_at_least_0_and_below_1,
  epsilon_wants_an_exponent_of_0_to_30_and_momentum_a_percentage,
  the_kernel_is_larger_than_its_padded_input,
  groups_do_not_divide_the_channels,
  padding_of_a_ConvTranspose_leaves_nothing,
  padding_of_a_pool_is_more_than_half_its_kernel,
  Dense_wants_features_insert_Flatten_or_GlobalAvgPool_before_it,
  this_layer_wants_an_image_but_gets_features,
  branches_of_Residual_end_in_different_shapes,
  branches_of_Concat_end_in_different_heights_or_widths,
  Concat_wants_at_least_two_branches,
  Scale_must_end_in_the_shape_of_its_input_or_in_a_number_per_channel,
  Shortcut_must_come_first_in_a_Residual,
  a_Network_cannot_be_a_layer_use_Sequential,
  an_activation_must_be_an_expression_of_its_argument,
  a_custom_layer_must_state_forward_and_backward,
  blocks_are_nested_too_deeply,
  from_this_layer_on_the_network_is_too_large,
};

}  // namespace laminate
