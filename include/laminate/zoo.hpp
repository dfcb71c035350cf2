// Well-known networks, ready to use: laminate::zoo::ResNet<20>.
#pragma once

#include <laminate/zoo/alexnet.hpp>
#include <laminate/zoo/convnext.hpp>
#include <laminate/zoo/densenet.hpp>
#include <laminate/zoo/googlenet.hpp>
#include <laminate/zoo/lenet.hpp>
#include <laminate/zoo/mlp.hpp>
#include <laminate/zoo/mobilenet.hpp>
#include <laminate/zoo/mobilenet_v2.hpp>
#include <laminate/zoo/plain.hpp>
#include <laminate/zoo/preactivation.hpp>
#include <laminate/zoo/resnet.hpp>
#include <laminate/zoo/resnet_imagenet.hpp>
#include <laminate/zoo/se_resnet.hpp>
#include <laminate/zoo/squeezenet.hpp>
#include <laminate/zoo/stages.hpp>
#include <laminate/zoo/unet.hpp>
#include <laminate/zoo/vgg.hpp>
#include <laminate/zoo/wide_resnet.hpp>
