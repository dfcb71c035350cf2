// JPEG by libjpeg: what it only warns of is refused too, as it stands for pixels that are not there.
#pragma once

#include <laminate/data/image/decoded_image.hpp>
#include <laminate/support/error.hpp>

#include <cstdio>  // jpeglib.h needs it

#include <jerror.h>
#include <jpeglib.h>

#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace laminate {

namespace detail {

/// libjpeg ends the program where it fails, unless it is left by longjmp, which runs no destructors: here none is
/// between it and its setjmp.
class jpeg_reader {
 public:
  explicit jpeg_reader(std::span<std::byte const> file) : file_(file) {
    jpeg_.err = jpeg_std_error(&errors_);
    jpeg_.client_data = this;
    errors_.error_exit = [](j_common_ptr jpeg) { leave(jpeg); };
    errors_.emit_message = [](j_common_ptr jpeg, int level) {
      // Cameras leave bytes between segments; everything else is damage.
      if (level < 0 && jpeg->err->msg_code != JWRN_EXTRANEOUS_DATA) leave(jpeg);
    };
    progress_.progress_monitor = [](j_common_ptr jpeg) {
      // A few bytes a scan can ask for all pixels each time.
      if (reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number > most_scans) {
        jpeg->err->msg_code = JERR_BAD_PROGRESSION;
        leave(jpeg);
      }
    };
  }
  jpeg_reader(jpeg_reader const&) = delete;
  ~jpeg_reader() {
    if (created_) jpeg_destroy_decompress(&jpeg_);
  }

  /// False where the file is damaged; then `reason` says how, at `offset`.
  bool read_header() {
    if (setjmp(jump_)) return false;
    jpeg_create_decompress(&jpeg_);
    created_ = true;
    jpeg_.progress = &progress_;
    jpeg_.mem->max_memory_to_use = 1L << 30;
    jpeg_mem_src(&jpeg_, reinterpret_cast<unsigned char const*>(file_.data()), file_.size());
    jpeg_read_header(&jpeg_, TRUE);
    return true;
  }
  bool begin() {
    if (setjmp(jump_)) return false;
    jpeg_.out_color_space = jpeg_.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&jpeg_);
    return true;
  }
  bool read_row(unsigned char* to) {
    if (setjmp(jump_)) return false;
    jpeg_read_scanlines(&jpeg_, &to, 1);
    return true;
  }
  bool finish() {
    if (setjmp(jump_)) return false;
    jpeg_finish_decompress(&jpeg_);
    return true;
  }

  jpeg_decompress_struct const& header() const { return jpeg_; }
  std::size_t offset() const { return jpeg_.src ? file_.size() - jpeg_.src->bytes_in_buffer : 0; }
  char reason[JMSG_LENGTH_MAX] = "";

 private:
  static constexpr int most_scans = 500;

  [[noreturn]] static void leave(j_common_ptr jpeg) {
    auto& self = *static_cast<jpeg_reader*>(jpeg->client_data);
    jpeg->err->format_message(jpeg, self.reason);
    // Then libjpeg has put an end of its own behind the file.
    if (jpeg->err->msg_code == JWRN_JPEG_EOF) self.jpeg_.src->bytes_in_buffer = 0;
    std::longjmp(self.jump_, 1);
  }

  std::span<std::byte const> file_;
  jpeg_decompress_struct jpeg_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf jump_{};
  bool created_ = false;
};

}  // namespace detail

/// One or three channels, as the file has. Throws `error` with `name`, byte and reason for what is damaged or cut off,
/// for four channels (CMYK), and for over 2^27 pixels.
inline decoded_image read_jpeg(std::string const& name, std::span<std::byte const> file) {
  detail::jpeg_reader reader(file);
  auto const refuse = [&] { throw error(name, reader.offset(), "an intact JPEG", reader.reason); };
  if (!reader.read_header()) refuse();
  auto const& header = reader.header();
  if (std::uint64_t{header.image_width} * header.image_height > most_image_pixels)
    throw error(name, reader.offset(), "an image of at most 2^27 pixels",
                std::to_string(header.image_width) + " × " + std::to_string(header.image_height));
  if (header.num_components != 1 && header.num_components != 3)
    throw error(name, reader.offset(), "grey or colours", std::to_string(header.num_components) + " channels");
  if (!reader.begin()) refuse();
  decoded_image image{
      static_cast<int>(header.output_width), static_cast<int>(header.output_height), header.num_components, {}};
  std::size_t const row_bytes = std::size_t{header.output_width} * static_cast<std::size_t>(image.channels);
  // Row by row: what a header promises takes no memory before it is there.
  for (int y = 0; y < image.height; ++y) {
    image.bytes.resize(image.bytes.size() + row_bytes);
    if (!reader.read_row(image.bytes.data() + image.bytes.size() - row_bytes)) refuse();
  }
  if (!reader.finish()) refuse();
  return image;
}

}  // namespace laminate
