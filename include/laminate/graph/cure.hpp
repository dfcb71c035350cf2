// What to do about each problem, in the few words that fit into the compiler's error. More of it is in docs/errors.md.
#pragma once

#include <laminate/describe/problem.hpp>

namespace laminate {

enum class cure : unsigned char {
  nothing_to_do,
  write_Network_around_the_input_and_the_layers,
  begin_with_Image_or_Features,
  remove_it_and_begin_with_the_only_input,
  add_a_layer_such_as_Identity,
  put_options_into_their_layer_and_derive_a_word_of_your_own_from_word,
  Conv_takes_Stride_Padding_Dilation_Groups_Bias_a_pool_Stride_Padding_Dense_Bias_Upsample_Bilinear,
  keep_one_of_the_two,
  correct_the_number_which_may_have_been_computed,
  write_Padding_0_for_none,
  give_a_share_such_as_one_half_and_no_percentage,
  write_BatchNorm_3_1_for_an_epsilon_of_one_thousandth_and_a_momentum_of_one_percent,
  take_a_smaller_kernel_or_more_padding_or_halve_the_image_less_often_before_it,
  choose_a_number_of_groups_that_divides_the_channels_and_the_filters,
  give_less_Padding_or_none,
  give_a_Padding_of_at_most_half_the_kernel,
  insert_Flatten_for_all_numbers_or_GlobalAvgPool_for_a_mean_per_channel,
  move_it_before_Flatten_or_GlobalAvgPool_or_begin_with_Image,
  give_the_body_the_shape_of_the_skip_or_project_the_skip_with_a_Shortcut,
  give_every_branch_the_same_strides_or_pad_its_pool,
  add_a_branch_or_write_Sequential,
  end_in_Dense_or_Conv_1_with_as_many_channels_as_come_in,
  write_the_Shortcut_first,
  declare_the_common_part_as_a_Sequential,
  take_auto_x_and_call_exp_or_tanh_without_std_and_choose_with_where,
  state_both_as_static_functions_of_auto_parameters_before_about,
  nest_fewer_blocks,
  pool_before_it_or_take_smaller_images,
};

constexpr cure cure_of(problem p) {
  switch (p) {
    case problem::none: return cure::nothing_to_do;
    case problem::a_Model_wants_a_Network: return cure::write_Network_around_the_input_and_the_layers;
    case problem::the_network_has_no_input: return cure::begin_with_Image_or_Features;
    case problem::the_input_must_come_first_and_only_once: return cure::remove_it_and_begin_with_the_only_input;
    case problem::the_network_has_no_layer: return cure::add_a_layer_such_as_Identity;
    case problem::this_is_not_a_layer:
      return cure::put_options_into_their_layer_and_derive_a_word_of_your_own_from_word;
    case problem::this_is_not_an_option_of_the_layer:
      return cure::Conv_takes_Stride_Padding_Dilation_Groups_Bias_a_pool_Stride_Padding_Dense_Bias_Upsample_Bilinear;
    case problem::an_option_is_given_twice: return cure::keep_one_of_the_two;
    case problem::a_size_must_be_at_least_one: return cure::correct_the_number_which_may_have_been_computed;
    case problem::padding_must_not_be_negative: return cure::write_Padding_0_for_none;
    case problem::a_probability_must_be_at_least_0_and_below_1:
      return cure::give_a_share_such_as_one_half_and_no_percentage;
    case problem::epsilon_wants_an_exponent_of_0_to_30_and_momentum_a_percentage:
      return cure::write_BatchNorm_3_1_for_an_epsilon_of_one_thousandth_and_a_momentum_of_one_percent;
    case problem::the_kernel_is_larger_than_its_padded_input:
      return cure::take_a_smaller_kernel_or_more_padding_or_halve_the_image_less_often_before_it;
    case problem::groups_do_not_divide_the_channels:
      return cure::choose_a_number_of_groups_that_divides_the_channels_and_the_filters;
    case problem::padding_of_a_ConvTranspose_leaves_nothing: return cure::give_less_Padding_or_none;
    case problem::padding_of_a_pool_is_more_than_half_its_kernel:
      return cure::give_a_Padding_of_at_most_half_the_kernel;
    case problem::Dense_wants_features_insert_Flatten_or_GlobalAvgPool_before_it:
      return cure::insert_Flatten_for_all_numbers_or_GlobalAvgPool_for_a_mean_per_channel;
    case problem::this_layer_wants_an_image_but_gets_features:
      return cure::move_it_before_Flatten_or_GlobalAvgPool_or_begin_with_Image;
    case problem::branches_of_Residual_end_in_different_shapes:
      return cure::give_the_body_the_shape_of_the_skip_or_project_the_skip_with_a_Shortcut;
    case problem::branches_of_Concat_end_in_different_heights_or_widths:
      return cure::give_every_branch_the_same_strides_or_pad_its_pool;
    case problem::Concat_wants_at_least_two_branches: return cure::add_a_branch_or_write_Sequential;
    case problem::Scale_must_end_in_the_shape_of_its_input_or_in_a_number_per_channel:
      return cure::end_in_Dense_or_Conv_1_with_as_many_channels_as_come_in;
    case problem::Shortcut_must_come_first_in_a_Residual: return cure::write_the_Shortcut_first;
    case problem::a_Network_cannot_be_a_layer_use_Sequential: return cure::declare_the_common_part_as_a_Sequential;
    case problem::an_activation_must_be_an_expression_of_its_argument:
      return cure::take_auto_x_and_call_exp_or_tanh_without_std_and_choose_with_where;
    case problem::a_custom_layer_must_state_forward_and_backward:
      return cure::state_both_as_static_functions_of_auto_parameters_before_about;
    case problem::blocks_are_nested_too_deeply: return cure::nest_fewer_blocks;
    case problem::from_this_layer_on_the_network_is_too_large: return cure::pool_before_it_or_take_smaller_images;
  }
  return cure::nothing_to_do;
}

}  // namespace laminate
