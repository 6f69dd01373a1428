/* The texts of src/tool/standin/: headers that stand in for the vendor's when HLS C++ is verified.
 */
#ifndef TOOL_STANDIN_H
#define TOOL_STANDIN_H

extern const char standin_ap_fixed_h[];
extern const char standin_ap_int_h[];

#endif
